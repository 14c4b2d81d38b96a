package org.ttm4j.data.corpus;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.ttm4j.data.series.DataException;

/**
 * The files to pre-train on: the rows of role {@code pretrain} of a manifest, in the order of the manifest. Rows of any
 * other role are left out. A manifest that gives one file or data set both roles is refused, because training on
 * evaluation data would make every later score worthless.
 */
final class Manifest {
    private static final String ROLE = "pretrain";
    private static final List<String> COLUMNS = List.of("role", "dataset", "file", "resolution_seconds", "licence");

    private final Path path;
    /** The files to pre-train on, with empty tallies. */
    final List<CorpusFile> files = new ArrayList<>();
    private final Set<String> otherDatasets = new HashSet<>();
    private final Set<Path> otherFiles = new HashSet<>();
    private final Set<Path> seen = new HashSet<>();

    private Manifest(Path path) {
        this.path = path;
    }

    /** Reads a manifest, a CSV in UTF-8 with at least the columns role, dataset, file, resolution_seconds, licence. */
    static Manifest read(Path path) throws IOException {
        Manifest manifest = new Manifest(path);
        CSVFormat format = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();
        try (Reader text = Files.newBufferedReader(path, StandardCharsets.UTF_8);
                CSVParser parser = CSVParser.builder().setReader(text).setFormat(format).get()) {
            List<String> missing = new ArrayList<>(COLUMNS);
            missing.removeAll(parser.getHeaderNames());
            if (!missing.isEmpty()) {
                throw manifest.problem(0, null, "expected a manifest with the columns " + String.join(", ", COLUMNS)
                        + "; it lacks " + String.join(", ", missing));
            }
            for (CSVRecord row : parser) manifest.add(row, parser.getCurrentLineNumber());
        } catch (UncheckedIOException e) {
            throw DataException.unreadable(path.toString(), 0, e.getCause());
        } catch (IOException e) {
            throw DataException.unreadable(path.toString(), 0, e);
        } catch (IllegalArgumentException e) {
            throw new DataException(path.toString(), 0, null, "cannot be read: " + e.getMessage(), e);
        }
        manifest.refuseMixedRoles();
        if (manifest.files.isEmpty()) {
            throw new DataException(path.toString(), 0, "role", "expected rows of role '" + ROLE + "', found none");
        }
        return manifest;
    }

    Path locate(CorpusFile file) {
        return folder().resolve(file.name());
    }

    private Path folder() {
        return path.toAbsolutePath().normalize().getParent();
    }

    private void add(CSVRecord row, long line) throws DataException {
        String dataset = cell(row, line, "dataset");
        String name = cell(row, line, "file");
        Path file = folder().resolve(name).normalize();
        if (!cell(row, line, "role").equals(ROLE)) {
            otherDatasets.add(dataset);
            otherFiles.add(file);
            return;
        }
        if (!file.startsWith(folder())) {
            throw problem(line, "file", "expected a path below the manifest's folder, found '" + name + "'");
        }
        if (!seen.add(file)) throw problem(line, "file", "'" + name + "' occurs twice");
        files.add(new CorpusFile(dataset, name, cell(row, line, "licence"), resolution(row, line),
                CorpusFile.CutTally.NOTHING));
    }

    private void refuseMixedRoles() throws DataException {
        for (CorpusFile file : files) {
            if (otherDatasets.contains(file.dataset()) || otherFiles.contains(locate(file).normalize())) {
                throw problem(0, "role", "'" + file.name() + "' of data set '" + file.dataset() + "' has role '" + ROLE
                        + "' and another role");
            }
        }
    }

    private long resolution(CSVRecord row, long line) throws DataException {
        String text = cell(row, line, "resolution_seconds");
        if (!text.matches("[1-9][0-9]{0,11}")) {
            throw problem(line, "resolution_seconds", "expected whole seconds above 0, found '" + text + "'");
        }
        return Long.parseLong(text);
    }

    private String cell(CSVRecord row, long line, String column) throws DataException {
        if (!row.isSet(column) || row.get(column).isBlank()) throw problem(line, column, "expected a value");
        return row.get(column).strip();
    }

    private DataException problem(long line, String column, String text) {
        return new DataException(path.toString(), line, column, text);
    }
}
