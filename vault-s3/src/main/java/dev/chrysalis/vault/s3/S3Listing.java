package dev.chrysalis.vault.s3;

import dev.chrysalis.vault.backend.Backend.Listed;
import dev.chrysalis.vault.backend.ObjectKeys;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/// A listing, page by page. The store gives keys in ascending order; what is no key of a vault is
/// passed over. The first page is fetched at once, so that a missing bucket shows in `list`.
final class S3Listing implements Iterator<Listed> {
  private final S3Client client;
  private final S3Errors errors;
  private final String bucket;
  private final String prefix;
  private final String beginning;
  private Iterator<Listed> page;
  private @Nullable String following;

  S3Listing(S3Client client, S3Errors errors, String bucket, String prefix, String beginning) {
    this.client = client;
    this.errors = errors;
    this.bucket = bucket;
    this.prefix = prefix;
    this.beginning = beginning;
    ListObjectsV2Response first = fetch(null);
    this.page = objects(first);
    this.following = tokenAfter(first);
  }

  @Override
  public boolean hasNext() {
    while (!page.hasNext() && following != null) {
      ListObjectsV2Response fetched = fetch(following);
      page = objects(fetched);
      following = tokenAfter(fetched);
    }
    return page.hasNext();
  }

  @Override
  public Listed next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return page.next();
  }

  private ListObjectsV2Response fetch(@Nullable String token) {
    try {
      return client.listObjectsV2(
          request -> request.bucket(bucket).prefix(prefix + beginning).continuationToken(token));
    } catch (SdkException e) {
      throw errors.of("could not list " + (beginning.isEmpty() ? "all" : beginning), e);
    }
  }

  private Iterator<Listed> objects(ListObjectsV2Response fetched) {
    List<S3Object> found = fetched.contents();
    return found.stream()
        .filter(object -> object.key().startsWith(prefix + beginning))
        .map(object -> new Listed(object.key().substring(prefix.length()), object.size()))
        .filter(listed -> ObjectKeys.isKey(listed.key()))
        .iterator();
  }

  private static @Nullable String tokenAfter(ListObjectsV2Response fetched) {
    return Boolean.TRUE.equals(fetched.isTruncated()) ? fetched.nextContinuationToken() : null;
  }
}
