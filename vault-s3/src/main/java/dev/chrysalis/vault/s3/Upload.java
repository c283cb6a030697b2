package dev.chrysalis.vault.s3;

import dev.chrysalis.vault.backend.Body;
import dev.chrysalis.vault.backend.BodyStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.ContentStreamProvider;

/// A body as the SDK reads it: once to sign it where the connection is not encrypted, and once to
/// send it. The SDK leaves the last stream open, so that this closes it.
final class Upload implements ContentStreamProvider, AutoCloseable {
  private final Body body;
  private @Nullable InputStream current;

  Upload(Body body) {
    this.body = body;
  }

  @Override
  public InputStream newStream() {
    close();
    try {
      InputStream opened = BodyStream.open(body);
      current = opened;
      return opened;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String name() {
    return "Body";
  }

  @Override
  public void close() {
    InputStream open = current;
    current = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // Everything was read or the call failed; closing what was only read can lose nothing.
      }
    }
  }
}
