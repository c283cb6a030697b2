package dev.chrysalis.lab;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.Token;
import dev.chrysalis.platform.process.ProcessPlatform;
import dev.chrysalis.platform.process.SupervisorLauncher;
import dev.chrysalis.platform.process.wire.SocketPlace;
import java.nio.file.Files;
import java.util.OptionalInt;

/// The lab's supervisor: started as the lab's user, found again by the lab's folder.
record LabSupervisor(LabLayout layout, LabPrograms programs, LabUser user) {
  /// The lowest token: whoever recovers the lab holds at least this one.
  static final Token TOKEN = new Token(1);

  /// Starts it, unless it runs.
  ProcessPlatform start() {
    OptionalInt uid = user.uid().map(OptionalInt::of).orElse(OptionalInt.empty());
    return new SupervisorLauncher(layout.platform(), programs.supervisorJvm(), uid).ensureRunning();
  }

  /// A client of the running one.
  ProcessPlatform connect() {
    return new ProcessPlatform(layout.platform());
  }

  /// Ends it and all that it started. One that was killed is started again for it, since only a
  /// supervisor finds all the processes of its predecessor.
  void end() {
    if (!Files.exists(new SocketPlace(layout.platform()).addressFile())) {
      return;
    }
    try (ProcessPlatform platform = answers() ? connect() : start()) {
      platform.shutdown();
    }
  }

  private boolean answers() {
    try (ProcessPlatform platform = connect()) {
      return platform.supervisorPid() > 0;
    } catch (ChrysalisException e) {
      return false;
    }
  }
}
