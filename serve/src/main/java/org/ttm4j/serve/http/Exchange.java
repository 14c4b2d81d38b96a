package org.ttm4j.serve.http;

import com.fasterxml.jackson.core.JsonFactory;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.media.type.MediaType;
import io.helidon.common.media.type.MediaTypes;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpException;
import io.helidon.http.HttpMediaType;
import io.helidon.http.Method;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ttm4j.data.series.Printable;
import org.ttm4j.serve.http.Problem.Type;
import org.ttm4j.serve.settings.Settings.Limits;

/** One request and its answer. For one thread. */
public final class Exchange implements AutoCloseable {
    public static final String JSON = "application/json";
    public static final String BINARY = "application/octet-stream";
    public static final String CSV = "text/csv";
    public static final String WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    private static final String NAME_RULE = "a name of at most 128 letters, digits, dots, hyphens and underscores";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    /** Bytes of a number of a body, as it was read and in the request of the library. */
    private static final long KEPT_NUMBER = 16;

    /** An answer, and the buffer in which the server sends it behind its head. */
    private static final int ANSWER_COPIES = 2;

    private final ServerRequest request;
    private final ServerResponse response;
    private final String id;
    private final Limits limits;
    private final Memory.Share memory;
    private final JsonFactory json;
    private Client client = Client.UNNAMED;
    private boolean watched;
    private int series;

    Exchange(ServerRequest request, ServerResponse response, String id, Limits limits, Memory memory,
            JsonFactory json) {
        this.request = request;
        this.response = response;
        this.id = id;
        this.limits = limits;
        this.memory = memory.share();
        this.json = json;
    }

    /** The id of the request, in the log and in the answer's header {@code X-Request-Id}. */
    public String id() {
        return id;
    }

    public Client client() {
        return client;
    }

    void client(Client of) {
        client = of;
    }

    public Limits limits() {
        return limits;
    }

    /** How many series the request is about, for the log. */
    public int series() {
        return series;
    }

    public void series(int count) {
        series = count;
    }

    /**
     * A parameter of the path that names something.
     *
     * @throws Problem when it is no name
     */
    public String name(String parameter) {
        String name = request.path().pathParameters().get(parameter);
        if (NAME.matcher(name).matches()) return name;
        throw new Problem(Type.NOT_FOUND, "expected " + NAME_RULE);
    }

    /** Returns true if the text is a valid name. */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** A parameter of the query; null when it is not given. */
    public String query(String parameter) {
        return request.query().contains(parameter) ? request.query().get(parameter) : null;
    }

    /** A parameter of the query, or this when it is not given. */
    public String query(String parameter, String otherwise) {
        return Objects.requireNonNullElse(query(parameter), otherwise);
    }

    /**
     * Refuses a query with other parameters than these, or with one twice: a misspelt one would be ignored.
     *
     * @throws Problem that names the first
     */
    public void requireQuery(Set<String> known) {
        for (String name : request.query().names()) {
            int times = request.query().all(name).size();
            if (known.contains(name) && times > 1) {
                throw new Problem(Type.INVALID_VALUE, "parameter " + Printable.quoted(name)
                        + " in the query: expected once, found " + times + " times");
            }
            if (known.contains(name)) continue;
            throw new Problem(Type.INVALID_VALUE, "unknown parameter " + Printable.quoted(name)
                    + " in the query: expected " + (known.isEmpty() ? "none" : String.join(", ", known)));
        }
    }

    /**
     * A parameter of the query that is a name; empty when it is not given.
     *
     * @throws Problem when it is no name
     */
    public String queryName(String parameter) {
        String name = query(parameter);
        if (name == null || name.isEmpty()) return "";
        if (NAME.matcher(name).matches()) return name;
        throw new Problem(Type.INVALID_VALUE, "expected in the query as " + parameter + " " + NAME_RULE);
    }

    /**
     * A parameter of the query that is a whole number.
     *
     * @param absent the number when it is not given
     * @throws Problem when it is none from the least to the most
     */
    public int query(String parameter, int absent, int least, int most) {
        return query(parameter, Integer::valueOf, absent, least, most);
    }

    /** As {@link #query(String, int, int, int)}, with a fraction. */
    public double query(String parameter, double absent, double least, double most) {
        return query(parameter, Double::valueOf, absent, least, most);
    }

    private <T extends Comparable<T>> T query(String parameter, Function<String, T> parse, T absent, T least, T most) {
        String text = query(parameter);
        if (text == null) return absent;
        try {
            T number = parse.apply(text);
            if (number.compareTo(least) >= 0 && number.compareTo(most) <= 0) return number;
        } catch (NumberFormatException notANumber) {
            // Refused below, as a number that is out of bounds.
        }
        throw new Problem(Type.INVALID_VALUE,
                "expected in the query for " + parameter + " a number from " + least + " to " + most);
    }

    /**
     * A parameter of the query that is true or false, which it is when it is not given.
     *
     * @throws Problem when it is neither
     */
    public boolean queryTruth(String parameter) {
        String text = query(parameter);
        if (text == null || text.equals("true") || text.equals("false")) return "true".equals(text);
        throw new Problem(Type.INVALID_VALUE, "expected in the query a " + parameter + " of true or false");
    }

    /**
     * A parameter of the query that is a list with commas, as of columns whose own commas are written as {@code \,}; empty when
     * it is not given.
     */
    public List<String> queryList(String parameter) {
        String text = query(parameter);
        if (text == null || text.isEmpty()) return List.of();
        return Stream.of(text.split("(?<!\\\\),", -1)).map(part -> part.replace("\\,", ",")).toList();
    }

    /** A header; null when it is not given. */
    public String header(String name) {
        return request.headers().first(HeaderNames.create(name)).orElse(null);
    }

    /**
     * The one of these media types that the client wants most, by the header Accept: the first of equals, and without the
     * header. Null where it takes none. Of a header that cannot be read, the first type counts that it names, or any where it
     * takes all.
     */
    public String accepted(String... mediaTypes) {
        try {
            MediaType[] types = Stream.of(mediaTypes).map(MediaTypes::create).toArray(MediaType[]::new);
            return request.headers().bestAccepted(types).map(MediaType::text).orElse(null);
        } catch (IllegalArgumentException | HttpException unreadable) {
            String header = header("Accept");
            return Stream.of(mediaTypes)
                    .filter(type -> header.contains(type) || header.contains("*/*"))
                    .findFirst()
                    .orElse(null);
        }
    }

    /**
     * The media type of the body, without parameters.
     *
     * @throws Problem when it is none of those expected or in another encoding than UTF-8
     */
    public String mediaType(String... expected) {
        String list = String.join(" or ", expected);
        String header = header("Content-Type");
        if (header == null) {
            throw new Problem(Type.UNSUPPORTED_MEDIA_TYPE, "expected the header Content-Type: " + list);
        }
        try {
            HttpMediaType type = HttpMediaType.create(header);
            String name = (type.mediaType().type() + "/" + type.mediaType().subtype()).toLowerCase(Locale.ROOT);
            Charset charset = type.charset().map(Charset::forName).orElse(StandardCharsets.UTF_8);
            for (String one : expected) if (name.equals(one) && charset.equals(StandardCharsets.UTF_8)) return name;
        } catch (IllegalArgumentException | IndexOutOfBoundsException unknown) {
            // It is refused below, as any other type; the parser stumbles over a quote that does not end.
        }
        throw new Problem(Type.UNSUPPORTED_MEDIA_TYPE, "expected a body of " + list + " in UTF-8");
    }

    /** The memory that the request holds: for its body and what is made of that, and in the end for its answer. */
    public Memory.Share memory() {
        return memory;
    }

    /** Releases the memory that was reserved for the body, except for so many numbers. */
    public void kept(long numbers) {
        memory.shrinkTo(KEPT_NUMBER * numbers);
    }

    /** The body, decompressed and within the limits. */
    public InputStream body() {
        return new LimitedBody();
    }

    /** A reader of the body, whose header must say that it is JSON. */
    public JsonBody jsonBody() throws IOException {
        mediaType(JSON);
        return untypedJsonBody();
    }

    /** A reader of the body, which is JSON where the header does not say. */
    public JsonBody untypedJsonBody() throws IOException {
        if (header("Content-Type") != null) mediaType(JSON);
        return new JsonBody(json.createParser(body()));
    }

    public JsonBody jsonBody(byte[] part) throws IOException {
        return new JsonBody(json.createParser(part));
    }

    /** Answers 200 with a JSON object of these members. */
    public void sendObject(Map<String, ?> members) throws IOException {
        send(200, JSON, Json.bytes(members));
    }

    /** Begins to watch the client, and runs this when it is gone; the connection is closed after the answer. */
    public void whenGone(Runnable action) {
        watched = true;
        Connection.current().whenGone(action);
    }

    public void send(int status, String mediaType, byte[] content) throws IOException {
        memory.shrinkTo((long) ANSWER_COPIES * content.length);
        if (watched) response.header("Connection", "close");
        response.status(status).header("Content-Type", mediaType);
        // A client that sent HEAD would read a body as the next answer.
        if (request.prologue().method().equals(Method.HEAD)) response.send();
        else response.send(content);
    }

    public void sendNothing() {
        response.status(204).send();
    }

    public void answerHeader(String name, String value) {
        response.header(name, value);
    }

    /** Opens an answer that goes on, of events that the server sends. */
    public OutputStream events() {
        Connection.current().writeTime(limits.bodyTime());
        response.status(200).header("Content-Type", "text/event-stream").header("Cache-Control", "no-store");
        // The server's compression would hold back what is flushed.
        response.header("Content-Encoding", "identity");
        return response.outputStream();
    }

    /** Writes a part of such an answer; a client that does not take it within the time of a body loses the connection. */
    public void write(OutputStream out, byte[] part) throws IOException {
        memory.shrinkTo((long) ANSWER_COPIES * part.length);
        out.write(part);
        out.flush();
    }

    @Override
    public void close() {
        memory.close();
    }

    /**
     * A body whose size is limited, and which reserves memory for what it holds as it is read. Closing leaves the
     * connection to the server. For one thread.
     */
    private final class LimitedBody extends InputStream {
        /** Memory is reserved after so many bytes, and so much for each: a number of 2 bytes can take 16. */
        private static final int CHUNK = 1 << 14;
        private static final int MEMORY = 8;

        private long read;
        private long reserved;
        /** Opened when the first byte is wanted, as what is wrong with the head of a gzip is the body's fault. */
        private InputStream in;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = readOrRefuse(bytes, offset, length);
            if (count < 0) return count;
            read += count;
            if (read > limits.bodyBytes()) throw tooLarge();
            long whole = read / CHUNK * CHUNK;
            if (whole > reserved) {
                memory.reserve(MEMORY * (whole - reserved));
                reserved = whole;
            }
            return count;
        }

        /** Reads bytes; errors of chunks and lengths, which the server throws here, become problems. */
        private int readOrRefuse(byte[] bytes, int offset, int length) throws IOException {
            try {
                if (in == null) {
                    boolean hasEntity = request.content().hasEntity();
                    in = hasEntity ? request.content().inputStream() : InputStream.nullInputStream();
                }
                return in.read(bytes, offset, length);
            } catch (HttpException e) {
                throw refused(e.status());
            } catch (RequestException e) {
                throw refused(e.status());
            } catch (DataReader.InsufficientDataAvailableException e) {
                throw new Problem(Type.TIMEOUT, "the rest of the body did not arrive");
            } catch (UncheckedIOException e) {
                throw e.getCause();
            } catch (RuntimeException e) {
                throw broken();
            }
        }

        private Problem refused(Status status) {
            if (status.code() == Type.TOO_LARGE.status()) return tooLarge();
            if (status.code() != Type.TIMEOUT.status()) return broken();
            return new Problem(Type.TIMEOUT, "expected the whole body within " + limits.bodyTime().toSeconds() + " s");
        }

        private Problem tooLarge() {
            return new Problem(Type.TOO_LARGE,
                    "expected a body of at most " + limits.bodyBytes() + " bytes, decompressed");
        }

        private static Problem broken() {
            return new Problem(Type.BAD_REQUEST, "the body is not framed as its headers say");
        }

        @Override
        public void close() {
            // The server reads what is left of it, or closes the connection.
        }
    }
}
