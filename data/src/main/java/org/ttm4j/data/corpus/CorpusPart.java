package org.ttm4j.data.corpus;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.ttm4j.data.corpus.CorpusFormat.GrowingBuffer;
import org.ttm4j.data.series.DataException;

/**
 * Writes corpus files: a part from one source file, and the corpus from all parts. Files appear whole or not at all.
 */
final class CorpusPart {
    private CorpusPart() {}

    /** Cuts one source file to series, and writes them as a corpus that holds nothing else. */
    static void write(Path part, Path source, CorpusFile file) throws IOException {
        ChannelTable table = ChannelTable.read(source, file.name());
        GrowingBuffer values = new GrowingBuffer(); // half floats
        List<Function<CorpusFile, CorpusSeries>> pieces = new ArrayList<>();
        SeriesCutter cutter = new SeriesCutter(file.resolutionSeconds(), (channel, piece, start, length, observed) -> {
            ByteBuffer out = values.room(Math.multiplyExact(length, CorpusFormat.VALUE_BYTES));
            for (int i = start; i < start + length; i++) out.putShort(Float.floatToFloat16((float) piece[i]));
            pieces.add(cut -> new CorpusSeries(cut, channel, start, length, observed));
        });
        for (int i = 0; i < table.channels(); i++) cutter.cut(table.name(i), table.values(i));
        CorpusFile cut = new CorpusFile(file.dataset(), file.name(), file.licence(), file.resolutionSeconds(),
                cutter.tally());
        List<CorpusSeries> series = pieces.stream().map(piece -> piece.apply(cut)).toList();
        replace(part, out -> {
            writeAll(out, CorpusFormat.encode(List.of(cut), series));
            writeAll(out, values.written());
        });
    }

    /** Writes the corpus of all parts, in their order. */
    static void merge(Path corpus, List<Path> parts) throws IOException {
        List<CorpusFile> files = new ArrayList<>();
        List<CorpusSeries> series = new ArrayList<>();
        for (Path part : parts) {
            CorpusFormat.Index index = CorpusFormat.read(part);
            files.addAll(index.files());
            series.addAll(index.series());
        }
        replace(corpus, out -> {
            writeAll(out, CorpusFormat.encode(files, series));
            for (Path part : parts) appendValues(out, part);
        });
    }

    private static void appendValues(FileChannel out, Path part) throws IOException {
        try (FileChannel in = FileChannel.open(part)) {
            CorpusFormat.Index index = CorpusFormat.decode(in, part.toString());
            long end = index.valuesAt() + index.values() * CorpusFormat.VALUE_BYTES;
            for (long at = index.valuesAt(); at < end;) at += in.transferTo(at, end - at, out);
        }
    }

    interface Content {
        void writeTo(FileChannel out) throws IOException;
    }

    /** Writes a file that appears whole or not at all. */
    static void replace(Path target, Content content) throws IOException {
        Path temporary = target.resolveSibling(target.getFileName() + ".tmp");
        try {
            try (FileChannel out = FileChannel.open(temporary, StandardOpenOption.WRITE, StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING)) {
                content.writeTo(out);
                out.force(true);
            } catch (FileSystemException e) {
                throw e;
            } catch (IOException e) {
                throw new DataException(target.toString(), 0, null, "cannot be written: " + e.getMessage(), e);
            }
            try {
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
            }
            forceFolder(target);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** Forces the name of a file to disk, on systems that can open folders. */
    private static void forceFolder(Path file) throws IOException {
        FileChannel folder;
        try {
            folder = FileChannel.open(file.toAbsolutePath().getParent());
        } catch (IOException cannotBeOpened) {
            return;
        }
        try (folder) {
            folder.force(true);
        }
    }

    static void writeAll(FileChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) out.write(bytes);
    }
}
