package dev.chrysalis.lab;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// Sends signals that the JDK cannot, as `kill(2)` does.
final class Signals {
  static final int KILL = 9;
  static final int STOP = 19;

  private final MethodHandle kill;

  @SuppressWarnings("restricted")
  Signals() {
    Linker linker = Linker.nativeLinker();
    this.kill =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("kill"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
  }

  /// Sends it; a process that is gone is no error.
  void send(long pid, int signal) {
    if (pid <= 1) {
      throw new IllegalArgumentException("not a process of the lab: " + pid);
    }
    try {
      int _ = (int) kill.invokeExact((int) pid, signal);
    } catch (Throwable e) {
      throw new IllegalStateException("could not call kill", e);
    }
  }
}
