package dev.chrysalis.model.stack;

import java.nio.file.Path;

/// Where the stack runs.
public sealed interface PlatformReference {
  /// As processes on this machine, kept by the supervisor of that directory.
  record Processes(Path directory) implements PlatformReference {}
}
