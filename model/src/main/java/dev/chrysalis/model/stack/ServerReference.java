package dev.chrysalis.model.stack;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A server that knows something of the services, and how they are called there.
///
/// @param url where its API begins; holds no credentials
/// @param authorizationFileOrNull a file whose first line is the value of the header
///   `Authorization`
/// @param labels by service, what its series or lines are marked with
public record ServerReference(
    String url, @Nullable Path authorizationFileOrNull, Map<String, Map<String, String>> labels) {
  private static final Pattern URL =
      Pattern.compile("https?://([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:]+])(:[0-9]{1,5})?(/[^?#@\\s]*)?");

  public ServerReference {
    url(url);
    labels = Map.copyOf(labels);
  }

  /// The URL without the slash at its end; `IllegalArgumentException` for one that cannot be used.
  public static String url(String text) {
    if (text.contains("@")) {
      throw new IllegalArgumentException("must not hold credentials: use authorizationFile");
    }
    if (!URL.matcher(text).matches()) {
      throw new IllegalArgumentException("must be a plain URL, as https://prometheus:9090");
    }
    return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }

  public Optional<Path> authorizationFile() {
    return Optional.ofNullable(authorizationFileOrNull);
  }

  /// What a service's series or lines are marked with, in the order of the names.
  ///
  /// @param otherwise the label that holds the service's name where the file says nothing
  public Map<String, String> labelsOf(String service, String otherwise) {
    Map<String, String> declared = labels.getOrDefault(service, Map.of(otherwise, service));
    Map<String, String> ordered = new LinkedHashMap<>();
    declared.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(e -> ordered.put(e.getKey(), e.getValue()));
    return ordered;
  }
}
