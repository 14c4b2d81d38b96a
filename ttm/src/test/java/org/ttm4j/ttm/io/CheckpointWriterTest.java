package org.ttm4j.ttm.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A writer that is stopped before any change to the file system leaves the old files or the new ones. */
class CheckpointWriterTest {
    private static final List<String> NAMES = List.of("weights", "config", "channels", "intervals");
    private static final String OLD = "old old old old";
    private static final String NEW = "new new new none";

    @TempDir
    Path folder;

    /** Thrown at the change where a test kills the writer, and at every change after it, as no cleaning up follows. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    private static CheckpointWriter killedAt(int change) {
        int[] changes = {0};
        return new CheckpointWriter(() -> {
            if (++changes[0] >= change) throw new Killed();
        });
    }

    private static Map<String, AtomicFile.Content> files(String content) {
        Map<String, AtomicFile.Content> files = new LinkedHashMap<>();
        String[] parts = content.split(" ");
        for (int i = 0; i < parts.length; i++) {
            byte[] bytes = parts[i].getBytes(StandardCharsets.UTF_8);
            files.put(NAMES.get(i), parts[i].equals("none") ? null : out -> out.write(bytes));
        }
        return files;
    }

    @Test
    void errorsNameTheFileOfTheModel() throws IOException {
        Path model = folder.resolve("model");
        Map<String, AtomicFile.Content> full = Map.of("weights", out -> {
            throw new IOException("No space left on device");
        });
        IOException refused = assertThrows(IOException.class, () -> new CheckpointWriter(() -> {}).write(model, full));
        assertEquals(model.resolve("weights") + ": No space left on device", refused.getMessage());
        assertEquals(List.of(), names(folder));
    }

    @Test
    void aFolderThatCannotBeMadeIsNamed() {
        Path nowhere = Path.of("/proc/model");
        assumeTrue(Files.isDirectory(nowhere.getParent()), "no /proc here");
        IOException refused = assertThrows(IOException.class,
                () -> new CheckpointWriter(() -> {}).write(nowhere, Map.of()));
        assertEquals("/proc/model: no such folder", refused.getMessage());
    }

    private static String content(Path model) throws IOException {
        StringBuilder content = new StringBuilder();
        for (String name : NAMES) {
            Path file = CheckpointWriter.current(model, name);
            content.append(' ').append(Files.exists(file) ? Files.readString(file) : "none");
        }
        return content.substring(1);
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** Kills the writer at each of its changes in turn, until one run ends; returns how often it was killed. */
    private int killAtEachChange(Path model, boolean existing) throws IOException {
        for (int change = 1;; change++) {
            if (existing) new CheckpointWriter(() -> {}).write(model, files(OLD));
            else for (Path file : Files.isDirectory(model) ? list(model) : List.<Path>of()) Files.delete(file);
            if (!existing) Files.deleteIfExists(model);
            try {
                killedAt(change).write(model, files(NEW));
                return change - 1;
            } catch (Killed killed) {
                String found = content(model);
                String before = existing ? OLD : "none none none none";
                assertTrue(found.equals(before) || found.equals(NEW), "killed at change " + change + ": " + found);
            }
            // The next write recovers, whatever the state was, also when it is killed itself.
            assertThrows(Killed.class, () -> killedAt(2).write(model, files("again again again again")));
            new CheckpointWriter(() -> {}).write(model, files("next next none next"));
            assertEquals("next next none next", content(model));
            assertEquals(List.of("config", "intervals", "weights"), names(model));
            assertEquals(List.of("model"), names(folder));
        }
    }

    private static List<Path> list(Path model) throws IOException {
        try (Stream<Path> files = Files.list(model)) {
            return files.toList();
        }
    }

    @Test
    void anExistingFolderHoldsTheOldFilesOrTheNewOnes() throws IOException {
        int kills = killAtEachChange(folder.resolve("model"), true);
        assertTrue(kills > 8, kills + " kills");
    }

    @Test
    void aNewFolderAppearsWhole() throws IOException {
        int kills = killAtEachChange(folder.resolve("model"), false);
        assertTrue(kills >= 5, kills + " kills");
    }

    @Test
    void otherFilesStay() throws IOException {
        Path model = Files.createDirectory(folder.resolve("model"));
        Files.writeString(model.resolve("README.md"), "mine");
        new CheckpointWriter(() -> {}).write(model, files(NEW));
        assertEquals("mine", Files.readString(model.resolve("README.md")));
        assertFalse(Files.exists(model.resolve("intervals")));
    }

    @Test
    void whatALinkLeadsToIsLeftAlone() throws IOException {
        Path model = folder.resolve("model");
        new CheckpointWriter(() -> {}).write(model, files(OLD));
        Path others = Files.createDirectory(folder.resolve("private"));
        Files.writeString(others.resolve("weights"), "mine");
        Files.createSymbolicLink(model.resolve(".update"), others);
        Files.createSymbolicLink(model.resolve(".update.tmp"), others);
        assertEquals(OLD, content(model));
        new CheckpointWriter(() -> {}).write(model, files(NEW));
        assertEquals(NEW, content(model));
        assertEquals(List.of("weights"), names(others));
        assertEquals("mine", Files.readString(others.resolve("weights")));
        assertEquals(List.of("channels", "config", "weights"), names(model));
    }

    @Test
    void aFailureLeavesTheOldFilesAndNoTemporaryOnes() throws IOException {
        Path model = folder.resolve("model");
        new CheckpointWriter(() -> {}).write(model, files(OLD));
        Map<String, AtomicFile.Content> failing = files(NEW);
        failing.put("config", out -> {
            throw new IOException("disk full");
        });
        assertThrows(IOException.class, () -> new CheckpointWriter(() -> {}).write(model, failing));
        assertEquals(OLD, content(model));
        assertEquals(NAMES.stream().sorted().toList(), names(model));
    }

    /** Another process updates the folder between the two files of the first reading. */
    @Test
    void aReaderNeverMixesTwoVersions() throws Exception {
        Path model = folder.resolve("model");
        write(model, "old");
        List<String> first = new ArrayList<>();
        String read = CheckpointWriter.read(model, () -> {
            String config = text(Checkpoint.file(model, Checkpoint.CONFIG));
            if (first.isEmpty()) write(model, "new");
            String both = config + text(Checkpoint.file(model, Checkpoint.WEIGHTS));
            first.add(both);
            return both;
        });
        assertEquals(List.of("oldnew", "newnew"), first);
        assertEquals("newnew", read);
    }

    @Test
    void aReaderFollowsAFileThatIsMoved() throws Exception {
        Path model = folder.resolve("model");
        write(model, "old");
        Path update = Files.createDirectory(model.resolve(".update"));
        Files.writeString(update.resolve(Checkpoint.WEIGHTS), "new");
        List<Path> tried = new ArrayList<>();
        assertEquals("new", CheckpointWriter.read(model, () -> {
            Path file = Checkpoint.file(model, Checkpoint.WEIGHTS);
            if (tried.isEmpty()) write(model, "new"); // completes the update
            tried.add(file);
            return text(file);
        }));
        assertEquals(List.of(update.resolve(Checkpoint.WEIGHTS), model.resolve(Checkpoint.WEIGHTS)), tried);
        Path missing = model.resolve("missing");
        assertThrows(CheckpointException.class, () -> CheckpointWriter.read(model, () -> text(missing)));
    }

    private static void write(Path model, String text) {
        AtomicFile.Content content = out -> out.write(text.getBytes(StandardCharsets.UTF_8));
        try {
            new CheckpointWriter(() -> {}).write(model,
                    Map.of(Checkpoint.CONFIG, content, Checkpoint.WEIGHTS, content));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) throws CheckpointException {
        return new String(Bytes.read(file, 100), StandardCharsets.UTF_8);
    }
}
