package org.ttm4j.serve.http;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.WritableHeaders;
import io.helidon.http.encoding.ContentDecoder;
import io.helidon.http.encoding.ContentEncoder;
import io.helidon.http.encoding.ContentEncoding;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Bodies and answers in gzip (RFC 1952), where the header of a request says so. Stateless. */
public final class Gzip implements ContentEncoding {
    static final String CODING = "gzip";
    static final Set<String> IDS = Set.of(CODING, "x-gzip");
    /** Parameters other than a quality, or gzip with a quality of 0. */
    private static final Pattern MISREAD = Pattern
            .compile("(?i);(?! *q *= *[01](\\.\\d*)? *(,|$))|gzip *; *q *= *0(\\.0*)? *(,|$)");
    private static final Header HEADER = HeaderValues.create(HeaderNames.CONTENT_ENCODING, CODING);

    /**
     * Returns true if the server would misread what a client accepts: it fails at parameters that are no quality, once the work of
     * the request is done, and compresses for those who refuse it.
     */
    static boolean isMisread(String acceptEncoding) {
        return MISREAD.matcher(acceptEncoding).find();
    }

    @Override
    public Set<String> ids() {
        return IDS;
    }

    @Override
    public String name() {
        return CODING;
    }

    @Override
    public String type() {
        return CODING;
    }

    @Override
    public boolean supportsEncoding() {
        return true;
    }

    @Override
    public boolean supportsDecoding() {
        return true;
    }

    @Override
    public ContentDecoder decoder() {
        return packed -> {
            try {
                return new GZIPInputStream(packed, 1 << 13);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    @Override
    public ContentEncoder encoder() {
        return new ContentEncoder() {
            @Override
            public OutputStream apply(OutputStream out) {
                try {
                    return new GZIPOutputStream(out);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }

            @Override
            public void headers(WritableHeaders<?> headers) {
                headers.add(HEADER);
                headers.remove(HeaderNames.CONTENT_LENGTH);
            }
        };
    }
}
