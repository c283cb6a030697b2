package dev.chrysalis.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/// Holds the house together: who may know whom. ARCHITECTURE.md has the picture.
@AnalyzeClasses(packages = "dev.chrysalis", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule ROOMS_KNOW_ONLY_WHAT_IS_BELOW_THEM =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("model")
          .definedBy("dev.chrysalis.model..")
          .layer("engine")
          .definedBy("dev.chrysalis.engine..")
          .layer("vault")
          .definedBy("dev.chrysalis.vault..")
          .layer("platform")
          .definedBy("dev.chrysalis.platform..")
          .layer("workloads")
          .definedBy("dev.chrysalis.workloads..")
          .layer("volumes")
          .definedBy("dev.chrysalis.volumes..")
          .layer("postgres")
          .definedBy("dev.chrysalis.postgres..")
          .layer("redis")
          .definedBy("dev.chrysalis.redis..")
          .layer("bulkloader")
          .definedBy("dev.chrysalis.bulkloader..")
          .layer("cassandra")
          .definedBy("dev.chrysalis.cassandra..")
          .layer("agent")
          .definedBy("dev.chrysalis.agent..")
          .layer("recovery")
          .definedBy("dev.chrysalis.recovery..")
          .layer("lab")
          .definedBy("dev.chrysalis.lab..")
          .layer("cli")
          .definedBy("dev.chrysalis.cli..")
          .whereLayer("cli")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("lab")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("recovery")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("agent")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("postgres")
          .mayOnlyBeAccessedByLayers("agent", "recovery", "cli")
          .whereLayer("redis")
          .mayOnlyBeAccessedByLayers("agent", "recovery", "cli")
          .whereLayer("cassandra")
          .mayOnlyBeAccessedByLayers("agent", "recovery", "cli")
          .whereLayer("bulkloader")
          .mayOnlyBeAccessedByLayers("cassandra")
          .whereLayer("volumes")
          .mayOnlyBeAccessedByLayers("postgres", "cassandra")
          .whereLayer("workloads")
          .mayOnlyBeAccessedByLayers("postgres", "redis", "cassandra", "recovery", "cli")
          .whereLayer("engine")
          .mayOnlyBeAccessedByLayers(
              "workloads", "postgres", "redis", "cassandra", "recovery", "cli")
          .whereLayer("vault")
          .mayOnlyBeAccessedByLayers(
              "volumes", "postgres", "redis", "cassandra", "agent", "recovery", "lab", "cli")
          .whereLayer("platform")
          .mayOnlyBeAccessedByLayers(
              "workloads",
              "volumes",
              "postgres",
              "redis",
              "cassandra",
              "agent",
              "recovery",
              "lab",
              "cli");

  @ArchTest
  static final ArchRule THE_MODEL_DOES_NO_NETWORK_AND_STARTS_NO_PROCESS =
      noClasses()
          .that()
          .resideInAPackage("dev.chrysalis.model..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.net..", "java.sql..", "java.util.concurrent..");

  @ArchTest
  static final ArchRule A_STORES_CONTROLLER_HALF_DOES_NOT_KNOW_ITS_AGENT_HALF =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.chrysalis.postgres.control..",
              "dev.chrysalis.redis.control..",
              "dev.chrysalis.cassandra.control..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.chrysalis.postgres.agent..",
              "dev.chrysalis.redis.agent..",
              "dev.chrysalis.cassandra.agent..",
              "dev.chrysalis.vault..");

  @ArchTest
  static final ArchRule THE_AGENT_HALF_DOES_NOT_KNOW_THE_CONTROLLER_HALF =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.chrysalis.postgres.agent..",
              "dev.chrysalis.redis.agent..",
              "dev.chrysalis.cassandra.agent..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.chrysalis.postgres.control..",
              "dev.chrysalis.redis.control..",
              "dev.chrysalis.cassandra.control..",
              "dev.chrysalis.engine..");

  @ArchTest
  static final ArchRule NOTHING_SLEEPS_FOR_A_FIXED_TIME =
      noClasses()
          .should()
          .callMethod(Thread.class, "sleep", long.class)
          .orShould()
          .callMethod(Thread.class, "sleep", java.time.Duration.class);

  @ArchTest
  static final ArchRule ONLY_THE_MODEL_DEFINES_AN_EXCEPTION_FOR_ALL =
      classes()
          .that()
          .areAssignableTo(RuntimeException.class)
          .should()
          .resideInAPackage("dev.chrysalis.model")
          .orShould()
          .bePackagePrivate()
          .orShould()
          .bePrivate();

  @ArchTest
  static final ArchRule PACKAGES_ARE_NAMED_FOR_THINGS_OF_THE_FIELD =
      noClasses()
          .should()
          .resideInAnyPackage("..util..", "..common..", "..impl..", "..helper..", "..manager..");
}
