package dev.flinkvideo.jobs.lab.failover;

/** What a source of an experiment is made to do. */
enum Condition {
  /** It shows the programme. */
  GOOD,
  /** Its connections break, and new ones are refused. */
  CLOSED,
  /** Its connections stay open, and nothing comes. */
  SILENT,
  /** Nobody answers: what is open stays silent, new connections do not open until it is good. */
  UNANSWERED,
  /** It goes on, with a black picture. */
  BLACK,
  /** It goes on, with a picture that stands still. */
  FROZEN;

  boolean delivers() {
    return this == GOOD || isBadPicture();
  }

  boolean isBadPicture() {
    return this == BLACK || this == FROZEN;
  }
}
