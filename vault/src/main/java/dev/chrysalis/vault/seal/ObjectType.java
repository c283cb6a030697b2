package dev.chrysalis.vault.seal;

/// What a sealed object is; authenticated with it.
public enum ObjectType {
  SESSION(1),
  INDEX(2),
  MANIFEST(3),
  CATALOG(4),
  PIECE(5),
  GAP_MARKER(6),
  RECORD(7);

  private final byte code;

  ObjectType(int code) {
    this.code = (byte) code;
  }

  byte code() {
    return code;
  }
}
