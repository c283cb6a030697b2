package dev.chrysalis.recovery.services;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Actions;
import dev.chrysalis.engine.Consent;
import dev.chrysalis.engine.FaultyRecordStore;
import dev.chrysalis.engine.Holder;
import dev.chrysalis.engine.InMemoryRecordStore;
import dev.chrysalis.engine.Leases;
import dev.chrysalis.engine.Plan;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.RunOutcome;
import dev.chrysalis.engine.RunStatus;
import dev.chrysalis.engine.Runner;
import dev.chrysalis.engine.RunnerSettings;
import dev.chrysalis.engine.Runs;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.engine.Surroundings;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.RecordStore;
import dev.chrysalis.model.Token;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.model.stack.StackFile;
import dev.chrysalis.platform.FakePlatform;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.platform.Workload;
import dev.chrysalis.recovery.checklist.VerifyChecklist;
import dev.chrysalis.recovery.checklist.http.ServiceClient;
import dev.chrysalis.workloads.AwaitService;
import dev.chrysalis.workloads.KeepEvidence;
import dev.chrysalis.workloads.LeaseTelling;
import dev.chrysalis.workloads.MortalPlatform;
import dev.chrysalis.workloads.Mortality;
import dev.chrysalis.workloads.PointClients;
import dev.chrysalis.workloads.RestartMember;
import dev.chrysalis.workloads.RollBackService;
import dev.chrysalis.workloads.SharedTime;
import dev.chrysalis.workloads.StartService;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Controllers die before and after every call and record of every plan for services; whoever
/// resumes reaches the same end.
final class ServicePlansSurviveCrashesTest {
  private static final int MORE_THAN_ALL = 1000;
  private static final ServiceClient CLIENT = new ServiceClient();

  /// Nobody listens on that port: nothing answers.
  private static final Stack STACK =
      StackFile.parse(
          "stack.yaml",
          """
          version: 1
          stack: butterfly
          platform: {kind: process, directory: /srv/platform}
          vault: {location: /srv/vault, passphraseFile: /srv/passphrase}
          services:
            nexus: {needs: [perception], port: 1}
            perception: {needs: [postgres], port: 1, replicas: 2}
          datastores:
            postgres:
              kind: postgresql
              clients: [{service: perception, variable: POSTGRES_HOST}]
          """);

  @AfterAll
  static void close() {
    CLIENT.close();
  }

  /// What befalls the services.
  enum Trouble {
    HUNG {
      @Override
      void strike(FakePlatform platform) {
        platform.hang(new MemberId("perception", 0));
        platform.hang(new MemberId("perception", 1));
        platform.hang(new MemberId("nexus", 0));
      }
    },
    BAD_RELEASE {
      @Override
      void strike(FakePlatform platform) {
        // Seen ready before: that revision is the one to go back to.
        assertThat(platform.workload("perception").settled()).isTrue();
        platform.configure(new Token(1), "perception", Map.of("BROKEN", "yes"));
      }
    },
    SCALED_AWAY {
      @Override
      void strike(FakePlatform platform) {
        platform.scale(new Token(1), "perception", 0);
      }
    },
    /// None are declared of that one: it was seen well.
    SCALED_AWAY_UNDECLARED {
      @Override
      void strike(FakePlatform platform) {
        platform.scale(new Token(1), "nexus", 0);
      }
    };

    abstract void strike(FakePlatform platform);
  }

  @ParameterizedTest
  @EnumSource
  void aControllerThatDiesAnywhereIsReplacedByAnother(Trouble trouble) {
    int deaths = 0;
    for (int fatal = 1; fatal < MORE_THAN_ALL; fatal++) {
      Stage stage = new Stage(trouble);
      Mortality mortality = new Mortality(fatal);
      String how = stage.live(mortality);
      if (!mortality.died()) {
        stage.assertRecovered("nobody died");
        break;
      }
      deaths++;
      stage.goOn(Mortality.immortal());
      stage.assertRecovered(trouble + " " + how + ", chance " + fatal);
    }
    assertThat(deaths).as("chances to die").isBetween(20, MORE_THAN_ALL - 2);
  }

  /// Services in trouble, the vault's records, and the controllers, one after another.
  private static final class Stage {
    private final SharedTime time = new SharedTime();
    private final InMemoryRecordStore records = new InMemoryRecordStore();
    private final FakePlatform platform =
        new FakePlatform(time.clock())
            .with("postgres", Workload.Kind.STATEFUL_SET, 2, 2, true)
            .with("perception", Workload.Kind.DEPLOYMENT, 2, 2, false)
            .with("nexus", Workload.Kind.DEPLOYMENT, 1, 1, false)
            .crashingWith(environment -> environment.containsKey("BROKEN"));
    private final Plan plan;

    Stage(Trouble trouble) {
      new ReplicaSightings(STACK, platform, new ReplicaRecords(records, STACK.name()), time.clock())
          .look();
      trouble.strike(platform);
      plan =
          new ServicePlans(STACK, Map.of("postgres", new MemberId("postgres", 0)))
              .services("service-down", views(platform).situations(Set.of()));
    }

    String live(Mortality mortality) {
      try {
        goOn(mortality);
        return "alive";
      } catch (Mortality.Killed e) {
        time.expectNoHeart();
        return String.valueOf(e.getMessage());
      }
    }

    void goOn(Mortality mortality) {
      List<String> runs = new Runs(records).list("butterfly");
      if (runs.isEmpty()) {
        RunOutcome _ = runner(mortality::chance).start(plan, Consent.WHOLE_PLAN);
      } else if (!new Runs(records).load("butterfly", runs.getFirst()).state().isOver()) {
        RunOutcome _ = runner(mortality::chance).resume("butterfly", runs.getFirst());
      }
    }

    void assertRecovered(String how) {
      String run = new Runs(records).list("butterfly").getFirst();
      assertThat(new Runs(records).load("butterfly", run).state().status())
          .as(how)
          .isEqualTo(RunStatus.SUCCEEDED);
      for (String name : List.of("perception", "nexus")) {
        assertThat(platform.workload(name).settled()).as("%s: %s", how, name).isTrue();
      }
      assertThat(platform.workload("perception").replicas()).as(how).isEqualTo(2);
      assertThat(platform.workload("nexus").replicas()).as(how).isEqualTo(1);
      assertThat(platform.workload("perception").environment()).as(how).doesNotContainKey("BROKEN");
      assertThat(records.keys("evidence/")).as(how).isNotEmpty();
    }

    private ServiceViews views(Platform seen) {
      return new ServiceViews(
          STACK, seen, CLIENT, new ReplicaRecords(records, STACK.name()), time.clock());
    }

    private Runner runner(Consumer<String> chance) {
      SharedTime.View view = time.view();
      Surroundings around = new Surroundings(time.clock(), view.ticker(), new Random());
      RecordStore mortal =
          new FaultyRecordStore(new LeaseTelling(records, time), LeaseTelling.atWrites(chance));
      Platform seen = new MortalPlatform(platform, chance);
      return new Runner(
          mortal,
          new Leases(mortal, around),
          Actions.of(
              List.of(
                  new KeepEvidence(seen, mortal),
                  new ConfirmServices(views(seen), Set::of),
                  new RestartMember(seen),
                  new RollBackService(seen),
                  new PointClients(seen),
                  new StartService(seen),
                  new AwaitService(seen),
                  new Satisfied())),
          RunnerSettings.of(new Holder("bastion-1", 4711, "ana", "chrysalis recover")),
          around);
    }
  }

  /// A checklist on which everything is in order.
  private record Satisfied() implements Action {
    @Override
    public String name() {
      return VerifyChecklist.NAME;
    }

    @Override
    public Probe probe(StepContext context) {
      return new Probe.Reached(Map.of("checks", "0"));
    }

    @Override
    public void act(StepContext context) {
      // Nothing is looked at.
    }

    @Override
    public List<String> byHand(Step step) {
      return List.of();
    }
  }
}
