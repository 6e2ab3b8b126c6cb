package dev.onecycle.platform.http;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.module.SimpleModule;

/**
 * Texts of JSON that can be written again: no numbers that become texts, and no half of a surrogate
 * pair, which JSON can escape and UTF-8 cannot write. A name with one would be stored, and every
 * answer that shows it would break. NUL, which PostgreSQL cannot store, is none either.
 */
@Configuration(proxyBeanMethods = false)
class SoundText {

  /** Has every mapper of the routes read texts so. */
  @Bean
  static JacksonModule module() {
    return new SimpleModule("sound text").addDeserializer(String.class, new Text());
  }

  private static final class Text extends StdScalarDeserializer<String> {

    Text() {
      super(String.class);
    }

    @Override
    public String deserialize(JsonParser json, DeserializationContext context) {
      if (json.currentToken() != JsonToken.VALUE_STRING) {
        return (String) context.handleUnexpectedToken(getValueType(context), json);
      }
      String text = json.getString();
      if (text.codePoints().anyMatch(Text::isUnsound)) {
        throw context.weirdStringException(text, String.class, "half a surrogate pair, or NUL");
      }
      return text;
    }

    private static boolean isUnsound(int character) {
      return character == 0
          || (character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE);
    }
  }
}
