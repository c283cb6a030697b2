package dev.chrysalis.vault.seal;

import dev.chrysalis.vault.backend.Body;

/// The stored bytes of a sealed object that is to be created.
public final class SealedBody {
  private final Body body;
  private final byte[] header;

  SealedBody(Body body, byte[] header) {
    this.body = body;
    this.header = header;
  }

  public Body body() {
    return body;
  }

  /// Its first bytes, by which its writer knows it again.
  byte[] header() {
    return header.clone();
  }
}
