package org.ttm4j.ttm.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("try") // locks are held, not used
class FolderLockTest {
    @TempDir
    Path folder;

    @Test
    void aFolderIsKeptForOneTrainingUntilItEnds() throws Exception {
        Path model = folder.resolve("new/model");
        try (FolderLock first = FolderLock.of(model)) {
            assertEquals(
                    model + ": another training writes this folder; wait until it has ended, or choose another "
                            + "folder",
                    assertThrows(FileSystemException.class, () -> FolderLock.of(model)).getMessage());
            assertThrows(FileSystemException.class, () -> FolderLock.of(folder.resolve("./new/../new/model")));
            FolderLock.of(folder.resolve("new/other")).close();
        }
        assertFalse(Files.exists(model.getParent()), "made for the model that was not written");
        try (FolderLock writing = FolderLock.of(model)) {
            Files.createDirectory(model);
        }
        try (var left = Files.list(model.getParent())) {
            assertEquals(List.of(model), left.toList());
        }
    }

    @Test
    void theFileOfAKilledProgramIsTakenOver() throws Exception {
        Files.createFile(folder.resolve(".model.lock"));
        FolderLock.of(folder.resolve("model")).close();
        assertFalse(Files.exists(folder.resolve(".model.lock")));
    }

    /** Another copy of this library in the same program, in another class loader. */
    @Test
    void aLockOfAnotherClassLoaderIsRespected() throws Exception {
        Path model = folder.resolve("model");
        try (FileChannel other = FileChannel.open(folder.resolve(".model.lock"), StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE)) {
            other.lock();
            assertThrows(FileSystemException.class, () -> FolderLock.of(model));
        }
        FolderLock.of(model).close();
    }

    /** Such as the folder that a program in a container starts in; whether or not a file can be made there. */
    @Test
    void theRootIsAFolderToo() throws Exception {
        try (FolderLock lock = FolderLock.of(folder.getRoot())) {
            assertThrows(FileSystemException.class, () -> FolderLock.of(folder.getRoot()));
        }
    }

    @Test
    @Tag("process")
    void anotherProgramIsRefused() throws Exception {
        Path model = folder.resolve("model");
        assertEquals("taken", take(model));
        try (FolderLock own = FolderLock.of(model)) {
            assertTrue(take(model).contains("another training writes this folder"));
        }
    }

    private static String take(Path folder) throws Exception {
        String classes = location(FolderLock.class) + System.getProperty("path.separator")
                + location(FolderLockTest.class);
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                classes, Taker.class.getName(), folder.toString()).redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    private static String location(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    }

    static final class Taker {
        private Taker() {}

        public static void main(String[] arguments) throws Exception {
            FolderLock.of(Path.of(arguments[0])).close();
            System.out.println("taken");
        }
    }
}
