package org.ttm4j.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.ttm4j.engine.KernelSelection.Jvm;
import org.ttm4j.engine.kernel.Kernels;
import org.ttm4j.engine.vector.Lanes;

/** Which kernels a JVM gets: this one, and others started with various flags. */
class KernelSelectionTest {
    private static final String MODULE = "--add-modules=jdk.incubator.vector";
    private static final String SLOWER = "several times slower";

    /** Every run of the tests says in ttm4j.kernels what it is meant to test. */
    @Test
    void thisRunTestsWhatItIsMeantTo() {
        String wanted = System.getProperty("ttm4j.kernels");
        assertTrue("scalar".equals(wanted) || "vector".equals(wanted), "ttm4j.kernels is " + wanted);
        assertEquals(wanted, KernelSelection.active().name());
        assertEquals(wanted + " kernels, as ttm4j.kernels asks", KernelSelection.reason());
        Kernels same = wanted.equals("scalar") ? KernelSelection.scalar() : KernelSelection.vector();
        assertSame(same, KernelSelection.active());
        Integer bits = Integer.getInteger("ttm4j.vectorBits");
        if (bits != null) assertEquals(bits / 32, Lanes.COUNT);
    }

    static Stream<Arguments> withoutVectors() {
        return Stream.of(Arguments.of("--add-modules jdk.incubator.vector", List.of()),
                Arguments.of("interprets", List.of(MODULE, "-Xint")),
                Arguments.of("no C2", List.of(MODULE, "-XX:TieredStopAtLevel=1")),
                Arguments.of("not compile with C2", List.of(MODULE, "-XX:TieredStopAtLevel=0")),
                Arguments.of("not compile with C2", List.of(MODULE, "-XX:TieredStopAtLevel=2")),
                Arguments.of("not compile with C2", List.of(MODULE, "-XX:TieredStopAtLevel=3")),
                Arguments.of("not compile with C2", List.of(MODULE, "-XX:-UseCompiler")),
                Arguments.of("compiles no vectors",
                        List.of(MODULE, "-XX:+UnlockExperimentalVMOptions", "-XX:-EnableVectorSupport")),
                Arguments.of("multiply-add", List.of(MODULE, "-XX:UseAVX=0")),
                Arguments.of("only 128 bits", List.of(MODULE, "-XX:UseAVX=1")),
                Arguments.of("no instruction here computes vectors of 512 bits",
                        List.of(MODULE, "-XX:UseAVX=2", "-Dttm4j.vectorBits=512")),
                Arguments.of("multiply-add", List.of(MODULE, "-XX:-UseFMA")));
    }

    @Tag("process")
    @ParameterizedTest
    @MethodSource("withoutVectors")
    void scalarKernelsWhereVectorsDoNotPay(String reason, List<String> flags) throws Exception {
        assumeTrue(runsHere(flags));
        Child child = Child.run(Chosen.class, flags);
        assertTrue(child.out.startsWith("scalar kernels, which are " + SLOWER), child.toString());
        assertTrue(child.out.contains(reason), child.toString());
        assertEquals(1, child.error.split(SLOWER, -1).length - 1, "one line in the log: " + child);
    }

    @Tag("process")
    @ParameterizedTest
    @MethodSource("withoutVectors")
    void vectorsThatCannotBeHad(String reason, List<String> flags) throws Exception {
        // On 128 bits, or more than the processor has, they run, if not fast.
        assumeTrue(runsHere(flags) && !reason.contains("128") && !reason.contains("512"));
        List<String> demanding = new ArrayList<>(flags);
        demanding.add("-Dttm4j.kernels=vector");
        Child child = Child.run(Chosen.class, demanding);
        assertTrue(child.out.startsWith("IllegalStateException: ttm4j.kernels asks for vector kernels"),
                child.toString());
        assertTrue(child.out.contains(reason), child.toString());
    }

    @Tag("process")
    @Test
    void scalarOrReferenceWhenAskedFor() throws Exception {
        for (String set : List.of("scalar", "reference")) {
            Child child = Child.run(Chosen.class, List.of(MODULE, "-Dttm4j.kernels=" + set));
            assertEquals(set + " kernels, as ttm4j.kernels asks", child.out);
            assertTrue(!child.error.contains("org.ttm4j"), "nothing in the log: " + child);
        }
    }

    @Tag("process")
    @Test
    void vectorByItselfWhereThisMachineHasThem() throws Exception {
        assumeTrue(vectorsPayHere());
        Child child = Child.run(Chosen.class, List.of(MODULE));
        assertEquals("vector kernels", child.out);
        assertTrue(!child.error.contains("org.ttm4j"), "nothing in the log: " + child);
    }

    @Tag("process")
    @Test
    void wrongValues() throws Exception {
        Child kernels = Child.run(Chosen.class, List.of("-Dttm4j.kernels=fast"));
        assertEquals(
                "IllegalArgumentException: ttm4j.kernels is 'fast'; allowed are auto, vector, scalar and reference",
                kernels.out);
        Child bits = Child.run(Chosen.class, List.of(MODULE, "-Dttm4j.vectorBits=96"));
        assertEquals("IllegalArgumentException: ttm4j.vectorBits is '96'; allowed are 128, 256 and 512", bits.out);
    }

    private static boolean runsHere(List<String> flags) {
        boolean x86 = Stream.of("amd64", "x86_64").anyMatch(System.getProperty("os.arch")::equals);
        return x86 || flags.stream().noneMatch(flag -> flag.contains("AVX") || flag.contains("FMA"));
    }

    private static boolean vectorsPayHere() {
        boolean present = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        return present && Jvm.obstacleToVectors() == null && Jvm.obstacleToFastVectors() == null
                && System.getProperty("ttm4j.vectorBits") == null;
    }

    /** What another JVM printed. */
    record Child(String out, String error) {

        static Child run(Class<?> program, List<String> flags)
                throws IOException, InterruptedException, URISyntaxException {
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(flags);
            command.add("-cp");
            command.add(location(KernelSelection.class) + File.pathSeparator + location(program));
            command.add(program.getName());
            Path errors = Files.createTempFile("child", ".txt");
            Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
            try (InputStream out = process.getInputStream()) {
                String text = new String(out.readAllBytes(), StandardCharsets.UTF_8).strip();
                process.waitFor();
                return new Child(text, Files.readString(errors));
            } finally {
                Files.delete(errors);
            }
        }

        private static String location(Class<?> type) throws URISyntaxException {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
        }
    }

    /** The program of the other JVM: prints the reason of the choice, or what was thrown. */
    static final class Chosen {
        private Chosen() {}

        public static void main(String[] arguments) {
            String result;
            try {
                result = KernelSelection.reason();
                if (!result.startsWith(KernelSelection.active().name())) result = "reason does not fit: " + result;
            } catch (IllegalArgumentException | IllegalStateException e) {
                result = e.getClass().getSimpleName() + ": " + e.getMessage();
            }
            System.out.println(result);
        }
    }
}
