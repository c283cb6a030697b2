package dev.butterfly.lab;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/// Uses up the heap for good when it is asked to. It is there only where `BUTTERFLY_LAB` is `true`;
/// elsewhere the path is answered with 404. A JVM with `-XX:+ExitOnOutOfMemoryError`, which the lab
/// gives every service, ends with exit code 3, and the request is never answered.
@RestController
@ConditionalOnProperty(name = "BUTTERFLY_LAB", havingValue = "true")
public final class ExhaustedHeap {
  private static final int PIECE = 1 << 18;

  /// Returns by an `OutOfMemoryError` only, where the JVM survives that.
  @PostMapping("/lab/out-of-memory")
  void exhaust() {
    Object[] held = {};
    while (true) {
      Object[] more = new Object[PIECE];
      // Each piece holds the one before it, so that none can be collected.
      more[0] = held;
      held = more;
    }
  }
}
