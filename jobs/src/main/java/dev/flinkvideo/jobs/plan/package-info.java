/** How much of everything so many sessions need, by what was measured. */
package dev.flinkvideo.jobs.plan;
