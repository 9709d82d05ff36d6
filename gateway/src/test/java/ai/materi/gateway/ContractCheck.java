package ai.materi.gateway;

import ai.materi.gateway.contract.ContractEndpoint;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** Holds answers against {@code openapi.yaml}: status, media type, headers and body of the operation that gave them. */
final class ContractCheck {
    private final JsonObject contract;
    private final Map<String, Validator> validators = new ConcurrentHashMap<>();

    ContractCheck() {
        this.contract = ContractEndpoint.contract();
    }

    JsonObject contract() {
        return contract;
    }

    /** Operations as {@code GET /path/{parameter}}. */
    Set<String> operations() {
        Set<String> operations = new TreeSet<>();
        contract.getJsonObject("paths")
                .forEach(path -> ((JsonObject) path.getValue())
                        .fieldNames().stream()
                                .filter(name -> !name.equals("parameters"))
                                .forEach(method ->
                                        operations.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        return operations;
    }

    Optional<JsonObject> operation(String method, String path) {
        String wanted = path.replaceAll("\\?.*", "").replaceAll("(?<=.)/$", "");
        return contract.getJsonObject("paths").stream()
                .filter(entry -> matches(entry.getKey(), wanted))
                .min(Comparator.comparingInt(entry -> entry.getKey().indexOf('{') < 0 ? 0 : 1))
                .map(entry -> ((JsonObject) entry.getValue()).getJsonObject(method.toLowerCase(Locale.ROOT)));
    }

    private static boolean matches(String template, String path) {
        String[] parts = template.split("/", -1);
        String[] segments = path.split("/", -1);
        if (parts.length != segments.length) {
            return false;
        }
        for (int i = 0; i < parts.length; i++) {
            if (!parts[i].startsWith("{") && !parts[i].equals(segments[i])) {
                return false;
            }
        }
        return true;
    }

    /** Throws when the answer is not one that the contract describes. */
    void check(String method, String path, Answer answer) {
        if (method.equals("OPTIONS") || method.equals("HEAD") || answer.status() == 405) {
            return;
        }
        Optional<JsonObject> operation = operation(method, path);
        if (operation.isEmpty()) {
            if (answer.status() != 404) {
                throw new AssertionError(
                        method + " " + path + " is not in the contract, but answers " + answer.status());
            }
            return;
        }
        JsonObject response = resolved(Optional.ofNullable(
                        operation.get().getJsonObject("responses").getJsonObject(String.valueOf(answer.status())))
                .orElseThrow(() -> new AssertionError(method + " " + path + " answers " + answer.status()
                        + ", which is not in the contract: " + answer.text())));
        checkBody(method + " " + path, response, answer);
    }

    private JsonObject resolved(JsonObject response) {
        String ref = response.getString("$ref");
        return ref == null
                ? response
                : contract.getJsonObject("components")
                        .getJsonObject("responses")
                        .getJsonObject(ref.substring(ref.lastIndexOf('/') + 1));
    }

    private void checkBody(String what, JsonObject response, Answer answer) {
        JsonObject content = response.getJsonObject("content", new JsonObject());
        String type = answer.header("content-type").split(";", 2)[0];
        if (content.isEmpty()) {
            if (!answer.text().isEmpty()) {
                throw new AssertionError(what + " has a body, which is not in the contract: " + answer.text());
            }
            return;
        }
        JsonObject media = content.getJsonObject(type);
        if (media == null) {
            throw new AssertionError(what + " answers " + type + ", which is not in the contract");
        }
        if (type.endsWith("json") && !answer.text().isEmpty()) {
            validate(what, media.getJsonObject("schema"), answer.text());
        }
    }

    private void validate(String what, JsonObject schema, String body) {
        OutputUnit result = validators
                .computeIfAbsent(schema.encode(), encoded -> validator(schema))
                .validate(new JsonObject(body));
        if (!Boolean.TRUE.equals(result.getValid())) {
            throw new AssertionError(what + ": " + result.toJson().encode() + "\n" + body);
        }
    }

    private Validator validator(JsonObject schema) {
        return Validator.create(
                JsonSchema.of((JsonObject) inlined(schema)),
                new JsonSchemaOptions().setBaseUri("app://materi").setDraft(Draft.DRAFT202012));
    }

    /** The schema with what it refers to in its place: no schema of ours refers to itself. */
    private Object inlined(Object schema) {
        if (schema instanceof JsonArray array) {
            return new JsonArray(
                    new ArrayList<>(array.stream().map(this::inlined).toList()));
        }
        if (!(schema instanceof JsonObject object)) {
            return schema;
        }
        String ref = object.getString("$ref");
        if (ref != null) {
            return inlined(contract.getJsonObject("components")
                    .getJsonObject("schemas")
                    .getJsonObject(ref.substring(ref.lastIndexOf('/') + 1)));
        }
        JsonObject copy = new JsonObject();
        object.forEach(member -> copy.put(member.getKey(), inlined(member.getValue())));
        return copy;
    }
}
