package dev.chrysalis.recovery.report;

/// What no journal knows, and people have to say after an incident.
public enum OpenQuestion {
  CUSTOMERS("what did customers notice, how many of them, from when to when?"),
  LOST_WRITES("which of the lost writes have to be made up for, and how?"),
  NOTICED("who or what noticed it first, and when? When did it really begin?"),
  CAUSE("what is the root cause? Which change or condition set it off?"),
  BESIDE("what happened before the run and beside it: alarms, calls, what was tried by hand?"),
  WEIGHED("why was this the right thing to do with what was known then? What else was weighed?"),
  LEARNT("what went well? What went badly? Where were we lucky?");

  private final String text;

  OpenQuestion(String text) {
    this.text = text;
  }

  /// The question, without a capital at its beginning.
  public String text() {
    return text;
  }
}
