/** The launcher's subcommands, one class each, and what they have in common. */
package dev.flinkvideo.jobs.cli;
