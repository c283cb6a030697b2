package dev.chrysalis.vault.s3;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.backend.ExactLengthStream;
import java.io.IOException;
import java.io.InputStream;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/// A range on its way from the store. Closed before its end it drops the connection rather than
/// read what nobody wants.
final class S3ObjectStream extends InputStream {
  private final ResponseInputStream<GetObjectResponse> answer;
  private final ExactLengthStream content;

  private S3ObjectStream(ResponseInputStream<GetObjectResponse> answer, long length, String what) {
    this.answer = answer;
    this.content = new ExactLengthStream(answer, length, what);
  }

  /// Checks that the answer is the range that was asked for.
  static S3ObjectStream checked(
      ResponseInputStream<GetObjectResponse> answer, long offset, long length, String what) {
    Long promised = answer.response().contentLength();
    boolean ranged = answer.response().contentRange() != null;
    if (promised == null || (ranged && promised > length) || (!ranged && offset > 0)) {
      answer.abort();
      throw new ChrysalisException(
          VaultErrors.BAD_LOCATION,
          "the store did not answer with the range that was asked for: " + what,
          "it does not speak S3's protocol fully; use another store or proxy");
    }
    return new S3ObjectStream(answer, Math.min(promised, length), what);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    try {
      return content.read(into, offset, length);
    } catch (SdkException e) {
      throw new IOException("the connection to the store broke: " + e.getMessage(), e);
    }
  }

  @Override
  public int available() throws IOException {
    return content.available();
  }

  @Override
  public void close() throws IOException {
    if (content.left() > 0) {
      answer.abort();
    } else {
      content.close();
    }
  }
}
