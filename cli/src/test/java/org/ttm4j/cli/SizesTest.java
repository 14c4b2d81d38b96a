package org.ttm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How much there is to read is as README.md and docs/README.md say, and the evening is one. */
class SizesTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Path DOCS = ROOT.resolve("docs/README.md");
    private static final Pattern LINK = Pattern.compile("\\[([^\\]]+)\\](?:\\(([^)#]+)[^)]*\\))?");
    private static final int MOST_LINES = 3200;
    private static final int MOST_WORDS = 6000;
    /** A rounded number stays while what it counts changes by less. */
    private static final int OF_A_MODULE = 700;
    private static final double OF_A_ROW = 0.05;
    private static final int CORE = 4;

    @Test
    void theEveningIsAsLongAsItSays() throws IOException {
        List<String[]> rows = rows(DOCS, "## An evening");
        int[] stated = new int[2];
        int[] counted = new int[2];
        for (String[] row : rows.subList(0, rows.size() - 1)) {
            int[] actual = count(row[1]);
            for (int i = 0; i < 2; i++) {
                int says = number(row[3 + i]);
                assertEquals(actual[i], says, OF_A_ROW * says, row[1]);
                stated[i] += says;
                counted[i] += actual[i];
            }
        }
        String[] sum = rows.get(rows.size() - 1);
        assertEquals(number(sum[3]), stated[0]);
        assertEquals(number(sum[4]), stated[1]);
        assertTrue(counted[0] > 2000 && counted[0] <= MOST_LINES, counted[0] + " lines");
        assertTrue(counted[1] > 2000 && counted[1] <= MOST_WORDS, counted[1] + " words");
    }

    /** The lines of the Java and the words of the pages that a cell links to. */
    private static int[] count(String cell) throws IOException {
        int[] count = new int[2];
        for (MatchResult link : LINK.matcher(cell).results().toList()) {
            Path file = DOCS.resolveSibling(link.group(2) == null ? target(link.group(1)) : link.group(2));
            List<String> lines = Files.readAllLines(file);
            if (file.toString().endsWith(".java")) count[0] += lines.size();
            else count[1] += lines.stream().mapToInt(SizesTest::words).sum();
        }
        return count;
    }

    /** Where a link of the page leads, by the line that says so. */
    private static String target(String name) throws IOException {
        String start = "[" + name + "]: ";
        return Files.readAllLines(DOCS)
                .stream()
                .filter(line -> line.startsWith(start))
                .map(line -> line.substring(start.length()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no target of " + name));
    }

    private static int words(String line) {
        return line.isBlank() || line.matches("\\[.*\\]: .*") ? 0 : line.strip().split("\\s+").length;
    }

    @Test
    void modulesAreAsLargeAsTheReadmeSays() throws IOException {
        List<Integer> counted = new ArrayList<>();
        List<String> modules = new ArrayList<>();
        for (String[] row : rows(ROOT.resolve("README.md"), "## The modules")) {
            int lines = 0;
            for (MatchResult link : LINK.matcher(row[1]).results().toList()) {
                modules.add(link.group(2));
                lines += lines(ROOT.resolve(link.group(2)));
            }
            assertEquals(0, number(row[3]) % 1000, row[1]);
            assertEquals(lines, number(row[3]), OF_A_MODULE, row[1]);
            counted.add(lines);
        }
        assertEquals(List.of(), modulesBut(modules));
        int core = counted.subList(0, CORE).stream().mapToInt(Integer::intValue).sum();
        int all = counted.stream().mapToInt(Integer::intValue).sum();
        String readme = Files.readString(ROOT.resolve("README.md")).replaceAll("\\s+", " ");
        Matcher said = Pattern.compile("a program embeds, ([\\d,]+) lines .*? stand around it, ([\\d,]+) lines")
                .matcher(readme);
        assertTrue(said.find());
        assertEquals(core, number(said.group(1)), OF_A_MODULE);
        assertEquals(all - core, number(said.group(2)), OF_A_MODULE);
    }

    /** Those with main code that are not in a list; {@code .ci} has no modules but programs of its own. */
    private static List<String> modulesBut(List<String> known) throws IOException {
        try (Stream<Path> folders = Files.walk(ROOT, 2)) {
            return folders.filter(folder -> Files.isDirectory(folder.resolve("src/main/java")))
                    .map(folder -> ROOT.relativize(folder).toString())
                    .filter(module -> !module.startsWith(".") && !known.contains(module))
                    .toList();
        }
    }

    private static int lines(Path module) throws IOException {
        int lines = 0;
        try (Stream<Path> files = Files.walk(module.resolve("src/main/java"))) {
            for (Path file : files.filter(file -> file.toString().endsWith(".java")).toList()) {
                lines += Files.readAllLines(file).size();
            }
        }
        return lines;
    }

    /** The cells of the first table below a heading, from 1 on, without its head. */
    private static List<String[]> rows(Path page, String heading) throws IOException {
        return Files.readString(page).split("\n" + heading + "\n")[1].lines()
                .dropWhile(line -> !line.startsWith("|"))
                .takeWhile(line -> line.startsWith("|"))
                .skip(2)
                .map(line -> line.split("\\s*\\|\\s*", -1))
                .toList();
    }

    private static int number(String cell) {
        String digits = cell.replaceAll("\\D", "");
        return digits.isEmpty() ? 0 : Integer.parseInt(digits);
    }
}
