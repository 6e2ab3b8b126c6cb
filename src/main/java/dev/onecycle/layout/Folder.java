package dev.onecycle.layout;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A folder that has pictures below it, and the part that it holds. */
final class Folder {

  final String name;
  private final TreeMap<String, Folder> below = new TreeMap<>();
  private int pictures;
  private @Nullable Part part;
  private boolean classAbove;

  private Folder(String name) {
    this.name = name;
  }

  /**
   * The tree of these pictures' folders, with the parts found in it.
   *
   * @param classes whether folders are classes
   */
  static Folder tree(Iterable<PicturePath> pictures, boolean classes) {
    Folder top = new Folder("");
    for (PicturePath picture : pictures) {
      Folder folder = top;
      List<String> segments = picture.segments();
      for (String segment : segments.subList(0, segments.size() - 1)) {
        folder = folder.below.computeIfAbsent(segment, Folder::new);
      }
      folder.pictures++;
    }
    for (Place place : top.places(classes)) {
      for (Folder folder : place.parts) {
        folder.part = Part.named(folder.name).orElseThrow();
        folder.classAbove = place.inClass && !folder.isDeep();
      }
    }
    return top;
  }

  /**
   * Where parts stand.
   *
   * @param parts folders side by side
   * @param inClass whether the folder around them is one of several that each have parts
   */
  private record Place(List<Folder> parts, boolean inClass) {

    /** Whether they are at least two, with folders in one of them: hardly classes by chance. */
    boolean isSure() {
      return parts.stream().map(Folder::named).distinct().count() > 1
          && parts.stream().anyMatch(Folder::isDeep);
    }
  }

  /**
   * The places of parts: side by side where nothing else is, or at least two of them with folders
   * in them; so that a single folder of such a name among others is a class.
   */
  private List<Place> places(boolean classes) {
    List<Folder> named = below.values().stream().filter(f -> f.named().isPresent()).toList();
    boolean several = named.stream().map(Folder::named).distinct().count() > 1;
    boolean deep = !classes || named.stream().anyMatch(Folder::isDeep);
    if (!named.isEmpty() && (named.size() == below.size() || (several && deep))) {
      return List.of(new Place(named, false));
    }
    List<List<Place>> each = below.values().stream().map(f -> f.places(classes)).toList();
    List<Place> all = each.stream().flatMap(Collection::stream).toList();
    if (each.stream().noneMatch(List::isEmpty)) {
      boolean inClass = each.size() > 1;
      return all.stream().map(p -> new Place(p.parts, p.inClass || inClass)).toList();
    }
    return all.stream().filter(Place::isSure).toList();
  }

  private Optional<Part> named() {
    return Part.named(name);
  }

  private boolean isDeep() {
    return !below.isEmpty();
  }

  /** The part that it holds, or null. */
  @Nullable Part part() {
    return part;
  }

  /** Whether the class of the pictures in it is the folder around it. */
  boolean classAbove() {
    return classAbove;
  }

  @Nullable Folder child(String segment) {
    return below.get(segment);
  }

  Collection<Folder> children() {
    return below.values();
  }

  /** Whether pictures lie directly in it. */
  boolean hasPictures() {
    return pictures > 0;
  }

  /** The only folder in it, if nothing else is; null else. */
  @Nullable Folder only() {
    return pictures == 0 && below.size() == 1 ? below.firstEntry().getValue() : null;
  }
}
