package dev.chrysalis.vault.log;

import dev.chrysalis.model.RecordStore;
import dev.chrysalis.vault.seal.ObjectType;
import dev.chrysalis.vault.seal.SealedObjects;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Records as sealed objects under `records/`. A key must not be the beginning of another (`a` and
/// `a/b`): a vault in a directory cannot hold both.
public final class SealedRecords implements RecordStore {
  private static final String PREFIX = "records/";
  private static final Pattern KEY = Pattern.compile("[a-z0-9._-]+(/[a-z0-9._-]+)*");
  private static final Pattern START = Pattern.compile("[a-z0-9._/-]*");
  private static final Pattern DOTS = Pattern.compile("(^|.*/)\\.\\.?(/.*|$)");
  private static final int MOST_KEY = 480;

  private final SealedObjects objects;

  public SealedRecords(SealedObjects objects) {
    this.objects = objects;
  }

  @Override
  public boolean create(String key, byte[] body) {
    String object = object(key);
    return objects.create(object, objects.seal(object, ObjectType.RECORD, body));
  }

  @Override
  public Optional<byte[]> read(String key) {
    return objects.find(object(key), ObjectType.RECORD);
  }

  @Override
  public List<String> keys(String prefix) {
    if (!START.matcher(prefix).matches() || DOTS.matcher(prefix).matches()) {
      throw new IllegalArgumentException("not the beginning of a record's key: " + prefix);
    }
    return objects.list(PREFIX + prefix).stream()
        .map(listed -> listed.key().substring(PREFIX.length()))
        .toList();
  }

  private static String object(String key) {
    if (key.length() > MOST_KEY || !KEY.matcher(key).matches() || DOTS.matcher(key).matches()) {
      throw new IllegalArgumentException("not a record's key: " + key);
    }
    return PREFIX + key;
  }
}
