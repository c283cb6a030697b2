package dev.chrysalis.redis.agent.files;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.volume.RestoreMark;
import dev.chrysalis.redis.RedisErrors;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// The configuration file of a server or a Sentinel that is off, when its role is to change.
///
/// @param data its `dir`
/// @param address where it would answer
public record RoleFile(Path data, ConfigurationFile file, InetSocketAddress address) {
  /// Writes the file with that change, from the living file or else the template. `SERVER_RUNNING`
  /// where it runs, `NOT_EMPTY` where its volume is half restored, `BAD_SETTING` where it would not
  /// start.
  public void change(UnaryOperator<RedisConfiguration> change) {
    RedisConfiguration before = file.read();
    RunningServer.refuse(data, Optional.of(address), Optional.of(before));
    try {
      refuseHalfRestored();
      RedisConfiguration after = change.apply(before);
      new VolumeSettings(after, data).requireAclFile();
      file.release(after);
    } catch (IOException e) {
      throw RedisErrors.VOLUME.of(
          "cannot look at", data, e, "look at the volume and at the agent's rights on it");
    }
  }

  /// By its mark, which is there before the configuration is replaced, and stays for longer. What a
  /// restore put in the place of a configuration outside the volume is left over where the volume
  /// was set aside.
  private void refuseHalfRestored() throws IOException {
    Optional<RestoreMark> mark = RestoreMark.read(data, RestoreMark.BEGUN);
    if (mark.isPresent()) {
      throw new ChrysalisException(
          RedisErrors.NOT_EMPTY,
          data + " is half restored by job " + mark.get().job(),
          "end that restore first, or set the volume aside");
    }
  }
}
