package dev.chrysalis.recovery.notice;

import dev.chrysalis.model.stack.NoticeState;

/// Tells notices to somebody. Blocks until it knows, for some seconds at most; an interrupted
/// thread returns soon. Secrets are read anew for each notice, so that a changed file counts.
interface Channel {
  String name();

  boolean wants(NoticeState state);

  /// Tells it once. What goes wrong on the way is an answer; throws `NOTICE_NOT_READY` where one of
  /// its files cannot be used.
  Answer deliver(Notice notice);

  /// Tells it as a test, which leaves nothing open at the receiver's.
  default Answer test(Notice notice) {
    return deliver(notice);
  }
}
