package org.ttm4j.autograd.op;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.ttm4j.autograd.GradCheck;
import org.ttm4j.autograd.Operation;

/** Values and gradients of every operation. */
class OperationTest {

    @TestFactory
    Stream<DynamicTest> checks() {
        return OperationChecks.all().stream().map(check -> DynamicTest.dynamicTest(check.toString(), check::run));
    }

    @Test
    void everyOperationHasACheck() throws IOException, URISyntaxException, ClassNotFoundException {
        String name = Add.class.getName().replace('.', '/') + ".class";
        Path folder = Path.of(Add.class.getClassLoader().getResource(name).toURI()).getParent();
        List<String> files;
        try (Stream<Path> list = Files.list(folder)) {
            files = list.map(f -> f.getFileName().toString()).filter(f -> f.endsWith(".class")).toList();
        }
        Set<String> operations = new TreeSet<>();
        for (String file : files) {
            Class<?> type = Class.forName(Add.class.getPackageName() + "." + file.replace(".class", ""));
            boolean concrete = Operation.class.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers());
            if (concrete) operations.add(type.getSimpleName());
        }
        Set<String> checked = OperationChecks.all()
                .stream()
                .map(GradCheck::operation)
                .map(Class::getSimpleName)
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(operations, checked);
    }
}
