package org.ttm4j.cli.site;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.ext.heading.anchor.HeadingAnchorExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import org.ttm4j.eval.plot.Html;

/**
 * The pages of the project as a web site that needs no network: each Markdown page as HTML with a menu, and each source
 * file that a page links to as a page of its own.
 */
final class Site {
    private static final List<Extension> EXTENSIONS = List.of(TablesExtension.create(),
            HeadingAnchorExtension.create());
    private static final Parser PARSER = Parser.builder().extensions(EXTENSIONS).build();
    private static final HtmlRenderer RENDERER = HtmlRenderer.builder().extensions(EXTENSIONS).build();

    /** The menu: headings, and below each the pages, which {@link #pages} completes with those that no menu names. */
    private static final Map<String, List<String>> MENU = new LinkedHashMap<>();
    static {
        MENU.put("Start", List.of("README.md", "docs/start.md", "docs/java.md", "examples/README.md"));
        MENU.put("How to",
                List.of("docs/files.md", "docs/forecasting.md", "docs/judging.md", "docs/inspect.md",
                        "docs/finetuning.md", "docs/pretraining.md", "docs/serve.md", "docs/jdbc.md", "docs/spark.md",
                        "docs/streams.md"));
        MENU.put("Understand", List.of("docs/README.md", "docs/model.md", "docs/autograd.md", "docs/kernels.md",
                "docs/checkpoints.md"));
        MENU.put("Look up",
                List.of("docs/compatibility.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "THIRD-PARTY.md"));
        MENU.put("Measured",
                Stream.of("models", "combination", "pretraining", "kernels", "engines")
                        .map(name -> "docs/measurements/" + name + ".md")
                        .toList());
    }

    private final Path root;
    private final Path out;
    /** Files that pages link to and that are no pages, relative to the root. */
    private final Set<Path> linked = new LinkedHashSet<>();

    private Site(Path root, Path out) {
        this.root = root;
        this.out = out;
    }

    /** Writes the site of the project in a folder. */
    static void write(Path root, Path out) throws IOException {
        Site site = new Site(root, out);
        for (Path page : site.pages()) site.page(page);
        for (Path file : site.linked) site.source(file);
        Files.createDirectories(out);
        Files.copy(root.resolve("cli/src/test/resources/site/site.css"), out.resolve("site.css"),
                StandardCopyOption.REPLACE_EXISTING);
        site.save(Path.of("index.md"), "TTM4J", "<meta http-equiv=\"refresh\" content=\"0; url=README.html\">");
    }

    /** The pages in the menu, relative to the root. */
    static Set<Path> menu() {
        return MENU.values().stream().flatMap(List::stream).map(Path::of).collect(Collectors.toSet());
    }

    /** All pages, relative to the root. */
    List<Path> pages() throws IOException {
        Set<Path> pages = new LinkedHashSet<>();
        MENU.values().forEach(names -> names.forEach(name -> pages.add(Path.of(name))));
        for (String folder : List.of("docs", "examples", "data/samples", "ttm/src/main/resources",
                "ttm/src/test/resources")) {
            try (Stream<Path> files = Files.walk(root.resolve(folder))) {
                files.filter(file -> file.toString().endsWith(".md") && !file.toString().contains("/target/"))
                        .sorted()
                        .forEach(file -> pages.add(root.relativize(file)));
            }
        }
        return List.copyOf(pages);
    }

    private void page(Path page) throws IOException {
        Node document = PARSER.parse(Files.readString(root.resolve(page)));
        String[] title = {page.getFileName().toString()};
        document.accept(new AbstractVisitor() {
            @Override
            public void visit(Link link) {
                link.setDestination(destination(page, link.getDestination()));
                visitChildren(link);
            }

            @Override
            public void visit(Image image) {
                image.setDestination(destination(page, image.getDestination()));
            }

            @Override
            public void visit(Heading heading) {
                if (heading.getLevel() == 1 && heading.getFirstChild() instanceof Text text)
                    title[0] = text.getLiteral();
                visitChildren(heading);
            }
        });
        save(page, title[0], RENDERER.render(document));
    }

    /** Where a link of a page leads in the site. */
    private String destination(Path page, String link) {
        if (URI.create(link).isAbsolute() || link.startsWith("#")) return link;
        String anchor = link.contains("#") ? link.substring(link.indexOf('#')) : "";
        String file = link.substring(0, link.length() - anchor.length());
        Path target = root.relativize(root.resolve(page).resolveSibling(file).normalize());
        if (file.endsWith(".md")) return file.substring(0, file.length() - 3) + ".html" + anchor;
        linked.add(target);
        return isBinary(target) ? link : file.replaceAll("/$", "") + ".html" + anchor;
    }

    private static boolean isBinary(Path file) {
        return file.toString().matches(".*\\.(png|jpg|gif|svg|gz|zip|xlsx|safetensors)");
    }

    /** A file as text, or the names of the files in a folder. */
    private void source(Path file) throws IOException {
        Path source = root.resolve(file);
        if (isBinary(file)) {
            Files.createDirectories(out.resolve(file).getParent());
            Files.copy(source, out.resolve(file), StandardCopyOption.REPLACE_EXISTING);
            return;
        }
        String text;
        if (Files.isDirectory(source)) {
            try (Stream<Path> files = Files.list(source)) {
                text = files.map(entry -> entry.getFileName().toString()).sorted().collect(Collectors.joining("\n"));
            }
        } else {
            text = new String(Files.readAllBytes(source), StandardCharsets.UTF_8);
        }
        save(file.resolveSibling(file.getFileName() + ".md"), file.toString(),
                "<h1>" + Html.escape(file.toString()) + "</h1>\n<pre><code>" + escapeLines(text) + "</code></pre>");
    }

    private static String escapeLines(String text) {
        return text.lines().map(line -> Html.escape(line.replace("\t", "    "))).collect(Collectors.joining("\n"));
    }

    private void save(Path page, String title, String body) throws IOException {
        Path file = out.resolve(page.toString().replaceAll("\\.md$", ".html"));
        Files.createDirectories(file.getParent());
        String up = "../".repeat(page.getNameCount() - 1);
        List<String> menu = new ArrayList<>();
        MENU.forEach((heading, pages) -> {
            menu.add("<b>" + heading + "</b>");
            for (String name : pages) menu.add(entry(up, name, page));
        });
        menu.add("<a href=\"" + up + "api/index.html\">Javadoc</a>");
        Files.writeString(file, """
                <!DOCTYPE html>
                <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
                <title>%s</title><link rel="stylesheet" href="%ssite.css"></head>
                <body><nav>%s</nav>
                <main>%s</main></body></html>
                """.formatted(Html.escape(title), up, String.join("\n", menu), body));
    }

    private static String entry(String up, String name, Path page) {
        String label = name.equals("README.md")
                ? "TTM4J"
                : name.replaceAll("^.*/|\\.md$", "")
                        .replace("README", name.startsWith("docs") ? "reading order" : "examples");
        String current = page.equals(Path.of(name)) ? " aria-current=\"page\"" : "";
        return "<a href=\"" + up + name.replace(".md", ".html") + "\"" + current + ">" + label + "</a>";
    }
}
