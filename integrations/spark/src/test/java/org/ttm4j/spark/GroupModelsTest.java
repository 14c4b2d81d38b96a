package org.ttm4j.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;

class GroupModelsTest {
    private static String path(List<String> ids, Object... id) {
        return new GroupModels("/models", ids, null).path(RowFactory.create(id)).toString();
    }

    @Test
    void everySeriesHasAFolderOfItsOwn() {
        assertEquals("/models/meter=7", path(List.of("meter"), 7));
        assertEquals("/models/a.b=x%2Fy/c=..", path(List.of("a.b", "c"), "x/y", ".."));
        assertEquals("/models/meter=null", path(List.of("meter"), "null"));
        assertEquals("/models/meter=__HIVE_DEFAULT_PARTITION__", path(List.of("meter"), (Object) null));
    }

    /** A model replaces the folder that it goes to, and with it what else is in there. */
    @Test
    void theModelOfAllRowsDoesNotReplaceTheFolderItself() {
        assertEquals("/models/model", path(List.of()));
    }
}
