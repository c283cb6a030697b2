package dev.chrysalis.vault.backend;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.VaultErrors;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads a vault's location. Its messages repeat nothing that could hold a secret: no query, and
/// nothing of a text with an `@` in it.
final class VaultLocationParser {
  /// Keys have at most 512 characters and S3 takes 1024.
  private static final int LONGEST_PREFIX = 400;

  private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
  private static final Pattern LOCK = Pattern.compile("[?&]lock=");
  private static final Pattern REGION = Pattern.compile("[a-z0-9-]{1,40}");
  private static final Set<String> PARAMETERS = Set.of("region", "endpoint", "path-style", "lock");
  private static final String HINT =
      "write /absolute/path, file:///absolute/path, or"
          + " s3://bucket/prefix?region=…&endpoint=https://…&path-style=true&lock=compliance:30d;"
          + " credentials come from the environment";

  private VaultLocationParser() {}

  static VaultLocation parse(String text) {
    if (!text.startsWith("s3:") && LOCK.matcher(text).find()) {
      throw bad("only a bucket of S3 can lock its objects, not " + shown(text));
    }
    if (text.startsWith("/")) {
      return directory(text);
    }
    URI uri = uri(text);
    if (uri.getRawUserInfo() != null || text.indexOf('@') >= 0) {
      throw bad("a vault's location must not hold credentials");
    }
    return switch (String.valueOf(uri.getScheme())) {
      case "file" -> file(uri, text);
      case "s3" -> s3(uri, text);
      default -> throw bad("not a vault's location: " + shown(text));
    };
  }

  private static VaultLocation directory(String path) {
    try {
      return new VaultLocation.InDirectory(Path.of(path));
    } catch (InvalidPathException e) {
      throw bad("not a path: " + e.getReason());
    }
  }

  private static VaultLocation file(URI uri, String text) {
    String path = uri.getPath();
    if (uri.getRawAuthority() != null
        || uri.getRawQuery() != null
        || uri.getRawFragment() != null
        || path == null
        || !path.startsWith("/")) {
      throw bad("not a directory of this machine: " + shown(text));
    }
    return directory(path);
  }

  private static VaultLocation s3(URI uri, String text) {
    String bucket = uri.getRawAuthority();
    if (bucket == null || uri.getRawFragment() != null) {
      throw bad("a location in S3 names a bucket: " + shown(text));
    }
    Map<String, String> parameters = parameters(uri.getRawQuery());
    String endpoint = parameters.get("endpoint");
    String lock = parameters.get("lock");
    return new VaultLocation.InS3(
        bucket,
        trimmed(uri.getRawPath()),
        parameters.get("region"),
        endpoint == null ? null : uri(endpoint),
        pathStyle(parameters.getOrDefault("path-style", "false")),
        lock == null ? null : ObjectLock.parse(lock));
  }

  private static Map<String, String> parameters(@Nullable String query) {
    Map<String, String> parameters = new HashMap<>();
    if (query == null) {
      return parameters;
    }
    for (String parameter : query.split("&", -1)) {
      int equals = parameter.indexOf('=');
      String name = equals < 0 ? parameter : parameter.substring(0, equals);
      if (equals < 0 || !PARAMETERS.contains(name)) {
        throw bad("a location in S3 has only the parameters region, endpoint, path-style and lock");
      }
      String value = decoded(parameter.substring(equals + 1));
      if (parameters.put(name, value) != null) {
        throw bad("the parameter " + name + " is there twice");
      }
    }
    return parameters;
  }

  private static String decoded(String value) {
    try {
      return URLDecoder.decode(value, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw bad("a parameter of the location is wrongly encoded");
    }
  }

  private static boolean pathStyle(String value) {
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default -> throw bad("path-style is true or false");
    };
  }

  private static String trimmed(String path) {
    int from = path.startsWith("/") ? 1 : 0;
    int to = path.endsWith("/") ? path.length() - 1 : path.length();
    return from < to ? path.substring(from, to) : "";
  }

  private static URI uri(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw bad("not a vault's location: " + shown(text));
    }
  }

  static void checkBucket(String bucket) {
    if (!BUCKET.matcher(bucket).matches() || bucket.contains("..")) {
      throw bad("not a bucket's name: " + shown(bucket));
    }
  }

  static void checkPrefix(String prefix) {
    if (prefix.isEmpty()) {
      return;
    }
    if (prefix.length() > LONGEST_PREFIX) {
      throw bad("the prefix in the bucket is longer than " + LONGEST_PREFIX + " characters");
    }
    for (String part : prefix.split("/", -1)) {
      if (!ObjectKeys.isPart(part)) {
        throw bad("not a prefix of keys: " + shown(prefix));
      }
    }
  }

  static void checkRegion(String region) {
    if (!REGION.matcher(region).matches()) {
      throw bad("not a region: " + shown(region));
    }
  }

  static void checkEndpoint(URI endpoint) {
    boolean web = "http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme());
    String path = endpoint.getRawPath();
    boolean plain = path == null || path.isEmpty() || path.equals("/");
    if (!web
        || endpoint.getHost() == null
        || endpoint.getRawUserInfo() != null
        || endpoint.getRawQuery() != null
        || endpoint.getRawFragment() != null
        || !plain) {
      throw bad("the endpoint is not http(s)://host or http(s)://host:port");
    }
  }

  static ChrysalisException bad(String message) {
    return new ChrysalisException(VaultErrors.BAD_LOCATION, message, HINT);
  }

  private static String shown(String text) {
    if (text.indexOf('@') >= 0) {
      return "(not shown, it may hold credentials)";
    }
    int query = text.indexOf('?');
    String head = query < 0 ? text : text.substring(0, query) + "?…";
    return '"' + head.replaceAll("\\p{Cntrl}", "?") + '"';
  }
}
