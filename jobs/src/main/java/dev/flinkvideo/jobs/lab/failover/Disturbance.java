package dev.flinkvideo.jobs.lab.failover;

/** What a real source is made to suffer. */
enum Disturbance {
  /** SIGKILL: of RTMP the kernel says that it is gone; by SRT and WebRTC nobody does. */
  KILLED,
  /** SIGSTOP: its connection stands, and nothing comes. */
  STALLED
}
