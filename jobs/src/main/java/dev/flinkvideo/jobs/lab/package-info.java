/**
 * Experiments on a real cluster that prove, on anybody's machine and footage, what README claims.
 */
package dev.flinkvideo.jobs.lab;
