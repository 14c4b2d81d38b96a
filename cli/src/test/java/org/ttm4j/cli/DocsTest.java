package org.ttm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The pages lead where they say, and every package has a description. */
class DocsTest {
    /** {@code [text](target)}, or a line {@code [name]: target}. */
    private static final Pattern LINK = Pattern.compile("(?:\\]\\(|^\\[[^\\]]+\\]: )([^)\\s]+)", Pattern.MULTILINE);
    private static final Pattern HEADING = Pattern.compile("^#+ (.*)$", Pattern.MULTILINE);
    /** The head of a table and its rows, in which no cell is empty, the second is of commits and the last is a date. */
    private static final Pattern ORIGIN = Pattern.compile(
            """
                    ^\\| figures \\| commit \\| models \\| machine \\| JDK \\| date \\|
                    \\|---\\|---\\|---\\|---\\|---\\|---\\|
                    (\\| [^|]+ \\| [0-9a-f]{8}(, [0-9a-f]{8})* \\| [^|]+ \\| [^|]+ \\| [^|]*\\d\\d[^|]* \\| \\d{4}-\\d\\d-\\d\\d \\|
                    )+$""",
            Pattern.MULTILINE);
    private static final Pattern ABSOLUTE = Pattern.compile("[a-z]+:.*");

    @Test
    void everyRelativeLinkLeadsSomewhere() throws IOException {
        List<Path> pages = pages();
        assertTrue(pages.size() > 12, "the pages are not where this test looks: " + pages);
        List<String> dead = new ArrayList<>();
        int links = 0;
        for (Path page : pages) {
            for (MatchResult match : LINK.matcher(Files.readString(page)).results().toList()) {
                String link = match.group(1);
                if (ABSOLUTE.matcher(link).matches()) continue;
                links++;
                if (!leadsSomewhere(page, link)) dead.add(root().relativize(page) + ": " + link);
            }
        }
        assertEquals(List.of(), dead);
        assertTrue(links > 100, links + " links found");
    }

    /** A measurement is worth what can be said of how it was made: each page of them has a table that says it. */
    @Test
    void everyMeasurementSaysOfWhatItIs() throws IOException {
        try (Stream<Path> files = Files.list(root().resolve("docs/measurements"))) {
            for (Path page : files.filter(file -> file.toString().endsWith(".md")).toList()) {
                assertTrue(ORIGIN.matcher(Files.readString(page)).find(),
                        page + " needs a table of figures, commit, models, machine, JDK and date");
            }
        }
    }

    @Test
    void everyPackageIsDescribed() throws IOException {
        List<Path> undescribed = new ArrayList<>();
        for (Path folder : mainPackages()) {
            if (!Files.exists(folder.resolve("package-info.java"))) undescribed.add(root().relativize(folder));
        }
        assertEquals(List.of(), undescribed);
    }

    private static boolean leadsSomewhere(Path page, String link) throws IOException {
        int hash = link.indexOf('#');
        String file = hash < 0 ? link : link.substring(0, hash);
        Path target = file.isEmpty() ? page : page.resolveSibling(file).normalize();
        if (!Files.exists(target)) return false;
        return hash < 0 || anchors(target).contains(link.substring(hash + 1));
    }

    /** The names that the headings of a page have in links: lower case, no punctuation, hyphens for blanks. */
    private static List<String> anchors(Path page) throws IOException {
        return HEADING.matcher(Files.readString(page))
                .results()
                .map(heading -> heading.group(1).strip().toLowerCase(Locale.ROOT))
                .map(heading -> heading.replaceAll("[^\\p{L}\\p{N}_ -]", "").replace(' ', '-'))
                .toList();
    }

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>();
        try (Stream<Path> files = Files.list(root())) {
            files.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
        }
        for (String folder : List.of("docs", "examples", "data/samples", "ttm/src/main/resources",
                "ttm/src/test/resources")) {
            try (Stream<Path> files = Files.walk(root().resolve(folder))) {
                files.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
            }
        }
        return pages;
    }

    /** The folders of main sources with a class in them. */
    private static List<Path> mainPackages() throws IOException {
        List<Path> packages = new ArrayList<>();
        try (Stream<Path> modules = Files.list(root());
                Stream<Path> integrations = Files.list(root().resolve("integrations"))) {
            for (Path module : Stream.concat(modules, integrations).toList()) {
                Path sources = module.resolve("src/main/java");
                if (!Files.isDirectory(sources)) continue;
                try (Stream<Path> files = Files.walk(sources)) {
                    files.filter(file -> file.toString().endsWith(".java"))
                            .filter(file -> !file.endsWith("module-info.java"))
                            .map(Path::getParent)
                            .distinct()
                            .forEach(packages::add);
                }
            }
        }
        return packages;
    }

    /** The folder of the whole project: tests run in that of their module. */
    private static Path root() {
        return Path.of("").toAbsolutePath().getParent();
    }
}
