package dev.onecycle;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.modulith.core.ApplicationModules;

/** The walls between the rooms. */
class RoomsTest {

  /** Lowest first: a room imports only rooms before it. */
  private static final List<String> ROOMS =
      List.of(
          "platform",
          "image",
          "recipe",
          "torch",
          "network",
          "store",
          "checkpoint",
          "fleet",
          "layout",
          "dataset",
          "evaluation",
          "training",
          "check",
          "run",
          "serving",
          "webhook",
          "work",
          "search",
          "demo");

  /** These run from a test or a {@code main}: they know no Spring and no Jakarta. */
  private static final Set<String> PURE =
      Set.of(
          "image",
          "recipe",
          "torch",
          "network",
          "checkpoint.export",
          "checkpoint.format",
          "layout",
          "dataset.pixels",
          "evaluation",
          "training",
          "check");

  private static final String WEB = "dev.onecycle.*.web..";

  private static final Set<String> INJECTION =
      Set.of(
          "org.springframework.beans.factory.annotation.Autowired",
          "org.springframework.beans.factory.annotation.Value",
          "jakarta.annotation.Resource",
          "jakarta.inject.Inject",
          "jakarta.persistence.PersistenceContext");

  private static final JavaClasses ALL =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.onecycle");

  static Stream<String> roomsButTheLast() {
    return ROOMS.stream().limit(ROOMS.size() - 1);
  }

  @ParameterizedTest
  @MethodSource("roomsButTheLast")
  void importsOnlyRoomsBeforeIt(String room) {
    List<String> later = ROOMS.subList(ROOMS.indexOf(room) + 1, ROOMS.size());
    noClasses()
        .that()
        .resideInAPackage(in(room))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(in(later))
        .check(ALL);
  }

  @Test
  void aRunKnowsNoTensor() {
    noClasses()
        .that()
        .resideInAPackage(in("run"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(in(List.of("image", "torch", "network", "evaluation", "training")))
        .check(ALL);
  }

  @Test
  void servingKnowsNoRun() {
    noClasses()
        .that()
        .resideInAPackage(in("serving"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(in("run"))
        .check(ALL);
  }

  @Test
  void everyClassHasARoom() {
    classes()
        .that()
        .doNotBelongToAnyOf(
            Onecycle.class, NativeConfiguration.class, RepositoryConfiguration.class)
        .and()
        .doNotHaveSimpleName("package-info")
        .should()
        .resideInAnyPackage(in(ROOMS))
        .check(ALL);
  }

  @Test
  void noPackagesDependOnEachOther() {
    slices().matching("dev.onecycle.(**)").should().beFreeOfCycles().check(ALL);
  }

  @Test
  void modulesKeepTheirInternals() {
    ApplicationModules.of(Onecycle.class).verify();
  }

  @Test
  void pureRoomsKnowNoSpring() {
    // A package's own annotation names it as an interface of its module and has no effect.
    noClasses()
        .that()
        .resideInAnyPackage(in(PURE))
        .and()
        .resideOutsideOfPackage(WEB)
        .and()
        .doNotHaveSimpleName("package-info")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.springframework..", "jakarta..")
        .check(ALL);
  }

  @Test
  void onlyTorchCallsTheEngine() {
    noClasses()
        .that()
        .resideOutsideOfPackage(in("torch"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("ai.djl..")
        .check(ALL);
  }

  @Test
  void onlyImageCallsTheDecoder() {
    noClasses()
        .that()
        .resideOutsideOfPackage(in("image"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.bytedeco.opencv..")
        .check(ALL);
  }

  @Test
  void onlyTheStoreCallsS3() {
    noClasses()
        .that()
        .resideOutsideOfPackage(in("store"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("software.amazon.awssdk..")
        .check(ALL);
  }

  @Test
  void httpStaysInTheWebPackages() {
    noClasses()
        .that()
        .resideOutsideOfPackages(WEB, in("platform.http"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.springframework.web..", "jakarta.servlet..")
        .check(ALL);
  }

  @Test
  void nothingDependsOnTheWebPackages() {
    noClasses()
        .that()
        .resideOutsideOfPackage(WEB)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(WEB)
        .check(ALL);
  }

  @Test
  void namesSayWhatAThingIs() {
    noClasses()
        .should()
        .haveNameMatching(".*(Impl|Utils?|Helper|Manager|D[tT][oO]|Mapper)")
        .check(ALL);
  }

  @Test
  void onlyConstructorsAreInjected() {
    DescribedPredicate<JavaAnnotation<?>> injection =
        describe("an injection", found -> INJECTION.contains(found.getRawType().getName()));
    noFields().should().beAnnotatedWith(injection).check(ALL);
    noMethods().should().beAnnotatedWith(injection).check(ALL);
  }

  @Test
  void timeComesFromTheClock() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("dev.onecycle.platform.PlatformConfiguration")
        .should()
        .accessTargetWhere(describe("reads the wall clock", RoomsTest::readsTheWallClock))
        .check(ALL);
  }

  /** Whatever is not {@code @Nullable} is never null. */
  @Test
  void everyPackageSaysWhatMayBeNull() {
    Stream<String> unmarked =
        ALL.stream()
            .map(JavaClass::getPackage)
            .filter(each -> !each.isAnnotatedWith(NullMarked.class))
            .map(JavaPackage::getName)
            .distinct();
    assertThat(unmarked).isEmpty();
  }

  private static boolean readsTheWallClock(JavaAccess<?> access) {
    if (!(access.getTarget() instanceof AccessTarget.CodeUnitAccessTarget target)) {
      return false;
    }
    String name = target.getName();
    return switch (target.getOwner().getName()) {
      case "java.lang.System" -> name.equals("currentTimeMillis");
      case "java.time.Clock" -> name.startsWith("system") || name.startsWith("tick");
      case "java.util.Date" -> target.getRawParameterTypes().isEmpty();
      default ->
          name.equals("now")
              && target.getOwner().getPackageName().equals("java.time")
              && target.getRawParameterTypes().stream()
                  .noneMatch(type -> type.isEquivalentTo(Clock.class));
    };
  }

  private static String in(String room) {
    return "dev.onecycle." + room + "..";
  }

  private static String[] in(Collection<String> rooms) {
    return rooms.stream().map(RoomsTest::in).toArray(String[]::new);
  }
}
