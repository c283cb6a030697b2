package dev.chrysalis.lab;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// Stands where the agent goes: ships nothing, but stays. Says what it was given, without secrets.
public final class StandInAgent {
  private StandInAgent() {}

  public static void main(String[] arguments) throws InterruptedException {
    System.out.println("arguments " + Arrays.toString(arguments));
    for (String name : List.of("CHRYSALIS_VAULT", "CHRYSALIS_MEMBER", "PGDATA", "PGHOST")) {
      System.out.println(name + "=" + System.getenv(name));
    }
    if (arguments.length == 2 && arguments[1].equals("ship")) {
      new CountDownLatch(1).await();
    }
  }
}
