package org.ttm4j.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("process")
class TemporaryCopyTest {
    @TempDir
    private Path folder;

    /** Another program makes a copy, and is killed. */
    @Test
    void copiesThatAKillHasLeftAreDeletedAndThoseInUseAreNot() throws Exception {
        Process program = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + folder, "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                TemporaryCopyTest.class.getName()).redirectErrorStream(true).start();
        Path copy = Path.of(program.inputReader().readLine());
        assertEquals(folder, copy.getParent().getParent());
        TemporaryCopy.sweep(folder);
        assertTrue(Files.exists(copy));
        assertTrue(program.destroyForcibly().waitFor(1, TimeUnit.MINUTES));
        Path strange = Files.createDirectory(folder.resolve("ttm-copy-of-mine"));
        TemporaryCopy.sweep(folder);
        assertFalse(Files.exists(copy.getParent()));
        assertTrue(Files.exists(strange), "it has no lock, so that no program has made it");
    }

    /** Makes a copy, says where, and waits. */
    public static void main(String[] none) throws Exception {
        System.out.println(Files.writeString(TemporaryCopy.file("query"), "id,load"));
        Thread.currentThread().join();
    }
}
