package dev.chrysalis.engine;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.Token;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/// Where the engine's records stand in the vault. Every kind has a tree of its own, so that no key
/// is the beginning of another key's path (a directory vault could not hold both) and so that the
/// few keys that are listed often are not among the many.
final class RecordKeys {
  private static final Pattern STACK = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
  private static final Pattern RUN = Pattern.compile("[0-9]{8}t[0-9]{6}z-[0-9a-f]{6}");

  private RecordKeys() {}

  static String held(String stack) {
    return "lease/" + checkedStack(stack) + "/held/";
  }

  static String held(String stack, Token token) {
    return held(stack) + hex(token);
  }

  static String beats(String stack) {
    return "lease/" + checkedStack(stack) + "/beat/";
  }

  static String beats(String stack, Token token) {
    return beats(stack) + hex(token) + "/";
  }

  static String beat(String stack, Token token, long number) {
    return beats(stack, token) + String.format(Locale.ROOT, "%010d", number);
  }

  static String end(String stack, Token token) {
    return "lease/" + checkedStack(stack) + "/end/" + hex(token);
  }

  static String runs(String stack) {
    return "runs/" + checkedStack(stack) + "/";
  }

  static String run(String stack, String run) {
    return runs(stack) + checkedRun(run) + "/";
  }

  static String entry(String stack, String run, long number) {
    return run(stack, run) + String.format(Locale.ROOT, "%08d", number);
  }

  static Token tokenOf(String heldKey) {
    return new Token(
        HexFormat.fromHexDigitsToLong(heldKey.substring(heldKey.lastIndexOf('/') + 1)));
  }

  static boolean isRun(String text) {
    return RUN.matcher(text).matches();
  }

  private static String checkedStack(String stack) {
    if (!STACK.matcher(stack).matches()) {
      throw new IllegalArgumentException("not a stack's name: " + stack);
    }
    return stack;
  }

  private static String checkedRun(String run) {
    if (!isRun(run)) {
      throw new ChrysalisException(
          EngineErrors.NO_SUCH_RUN,
          "`" + run + "` is not the name of a run",
          "`chrysalis runs` lists the runs.");
    }
    return run;
  }

  private static String hex(Token token) {
    return HexFormat.of().toHexDigits(token.value());
  }
}
