package dev.chrysalis.platform.process;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/// How it is learnt whether a container can serve. Probed at the member's address, twice a second.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "by")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Readiness.Running.class, name = "running"),
  @JsonSubTypes.Type(value = Readiness.Http.class, name = "http"),
  @JsonSubTypes.Type(value = Readiness.Tcp.class, name = "tcp"),
  @JsonSubTypes.Type(value = Readiness.Exchange.class, name = "exchange")
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

  /// It is ready while the port answers a request with these bytes within a second. Other than with
  /// `Tcp`, a server whose processes hang is not ready: the system accepts connections for it, but
  /// answers none.
  ///
  /// @param request the bytes sent, in hexadecimal
  /// @param answer the bytes that the answer must begin with, in hexadecimal
  record Exchange(int port, String request, String answer) implements Readiness {
    public Exchange {
      checkPort(port);
      checkBytes(request);
      checkBytes(answer);
    }
  }

  private static void checkBytes(String hex) {
    if (hex.isEmpty() || !hex.matches("([0-9a-f]{2})+")) {
      throw WorkloadSpec.bad("not bytes in hexadecimal: " + hex);
    }
  }

  private static void checkPort(int port) {
    if (port < 1 || port > 65535) {
      throw WorkloadSpec.bad("not a port: " + port);
    }
  }
}
