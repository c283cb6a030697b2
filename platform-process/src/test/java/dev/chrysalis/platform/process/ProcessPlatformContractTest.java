package dev.chrysalis.platform.process;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.platform.PlatformContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// The contract, against real processes.
class ProcessPlatformContractTest extends PlatformContract {
  private SupervisorFixture fixture;

  @BeforeEach
  void start() {
    fixture = new SupervisorFixture();
    fixture.platform.apply(TOKEN, SupervisorFixture.web());
    fixture.platform.apply(TOKEN, SupervisorFixture.store());
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Override
  protected Platform platform() {
    return fixture.platform;
  }

  @Override
  protected void kill(MemberId member) {
    fixture.signal(fixture.mainPid(member), "KILL");
  }

  @Override
  protected void hang(MemberId member) {
    fixture.signal(fixture.mainPid(member), "STOP");
  }

  @Override
  protected void writeToVolume(MemberId member, String file, String text) {
    try {
      Files.writeString(fixture.volume(member).resolve(file), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected Optional<String> readFromVolume(MemberId member, String file) {
    Path path = fixture.volume(member).resolve(file);
    try {
      return Files.exists(path) ? Optional.of(Files.readString(path)) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected void loseVolume(MemberId member) {
    SupervisorFixture.remove(fixture.volume(member));
  }
}
