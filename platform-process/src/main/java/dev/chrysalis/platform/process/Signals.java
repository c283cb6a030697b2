package dev.chrysalis.platform.process;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// Sends signals to processes that are not our children, as `kill(2)` does. (The JDK knows only
/// TERM and KILL, and a program `kill` is not everywhere.)
public final class Signals {
  public static final int KILL = 9;
  public static final int STOP = 19;

  private final MethodHandle kill;

  @SuppressWarnings("restricted")
  public Signals() {
    Linker linker = Linker.nativeLinker();
    this.kill =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("kill"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
  }

  /// Sends it; a process that is gone is no error.
  public void send(long pid, int signal) {
    if (pid <= 1) {
      throw new IllegalArgumentException("not a process of ours: " + pid);
    }
    try {
      var _ = (int) kill.invokeExact((int) pid, signal);
    } catch (Throwable e) {
      throw new IllegalStateException("could not call kill", e);
    }
  }
}
