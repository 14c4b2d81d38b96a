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
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Bodies and answers in gzip (RFC 1952), where the header of a request says so. Stateless. */
public final class Gzip implements ContentEncoding {
    static final String CODING = "gzip";
    static final Set<String> IDS = Set.of(CODING, "x-gzip");
    private static final Header HEADER = HeaderValues.create(HeaderNames.CONTENT_ENCODING, CODING);

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
