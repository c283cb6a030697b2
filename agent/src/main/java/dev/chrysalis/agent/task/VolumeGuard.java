package dev.chrysalis.agent.task;

/// Keeps two tasks from changing a member's volume at once, and its server from being started
/// meanwhile.
public interface VolumeGuard {
  /// Takes the volume for the named holder, or is refused with `PlatformErrors.VOLUME_IN_USE`. It
  /// is held until it is closed or the process ends, however it ends.
  Held hold(String holder);

  /// A volume that is held.
  interface Held extends AutoCloseable {
    @Override
    void close();
  }
}
