package dev.chrysalis.platform.process;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/// How it is learnt whether a container can serve. Probed at the member's address, twice a second.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "by")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Readiness.Running.class, name = "running"),
  @JsonSubTypes.Type(value = Readiness.Http.class, name = "http"),
  @JsonSubTypes.Type(value = Readiness.Tcp.class, name = "tcp")
})
public sealed interface Readiness {
  /// It is ready once its process has run for half a second.
  record Running() implements Readiness {}

  /// It is ready while `GET path` is answered with 200 to 399 within a second.
  record Http(int port, String path) implements Readiness {
    public Http {
      checkPort(port);
      if (!path.startsWith("/")) {
        throw WorkloadSpec.bad("a readiness path starts with a slash: " + path);
      }
    }
  }

  /// It is ready while the port accepts connections.
  record Tcp(int port) implements Readiness {
    public Tcp {
      checkPort(port);
    }
  }

  private static void checkPort(int port) {
    if (port < 1 || port > 65535) {
      throw WorkloadSpec.bad("not a port: " + port);
    }
  }
}
