//! Watching one pass of decoding.
//!
//! A derived `Deserialize` passes over unknown members, takes `null` for an absent option and reads structs from lists.
//! This adaptor stands between it and the deserializer and raises a flag when that happens. It does not allocate, keeps no
//! path and lets the pass go on; what exactly was wrong is found later, on the rare text that raised the flag.

use core::cell::Cell;
use core::fmt;
use core::marker::PhantomData;

use serde::de::{self, DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, Visitor};

use crate::limits::MAX_ITEMS;

/// Whether anything was seen that the official schema may refuse.
#[derive(Debug, Default)]
pub struct Watch(Cell<bool>);

impl Watch {
    /// Nothing seen yet.
    pub const fn new() -> Self {
        Self(Cell::new(false))
    }

    /// Whether the text needs a closer look.
    pub fn raised(&self) -> bool {
        self.0.get()
    }

    /// Decodes a value and watches.
    ///
    /// # Errors
    /// Those of the deserializer, and lists of more than [`MAX_ITEMS`] items.
    pub fn read<'de, T: de::Deserialize<'de>, D: Deserializer<'de>>(&self, deserializer: D) -> Result<T, D::Error> {
        T::deserialize(Watched { inner: deserializer, watch: self })
    }

    fn raise(&self) {
        self.0.set(true);
    }
}

/// A deserializer, visitor, seed or access under watch.
struct Watched<'w, T> {
    inner: T,
    watch: &'w Watch,
}

macro_rules! pass_on {
    ($($method:ident)+) => {
        $(
            #[inline]
            fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
                self.inner.$method(visitor)
            }
        )+
    };
}

macro_rules! pass_on_watched {
    ($($method:ident($($argument:ident: $type:ty),*))+) => {
        $(
            #[inline]
            fn $method<V: Visitor<'de>>(self, $($argument: $type,)* visitor: V) -> Result<V::Value, D::Error> {
                self.inner.$method($($argument,)* Watched { inner: visitor, watch: self.watch })
            }
        )+
    };
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Watched<'_, D> {
    type Error = D::Error;

    pass_on! {
        deserialize_any deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128 deserialize_f32 deserialize_f64
        deserialize_char deserialize_str deserialize_string deserialize_bytes deserialize_byte_buf deserialize_unit
        deserialize_identifier
    }
    pass_on_watched! {
        deserialize_option() deserialize_seq() deserialize_map()
        deserialize_tuple(len: usize)
        deserialize_tuple_struct(name: &'static str, len: usize)
        deserialize_enum(name: &'static str, variants: &'static [&'static str])
    }

    #[inline]
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.inner.deserialize_struct(name, fields, WatchedStruct { inner: visitor, watch: self.watch })
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, D::Error> {
        self.inner.deserialize_unit_struct(name, visitor)
    }

    /// Numbers and raw JSON pass through here; there is nothing to watch in them.
    #[inline]
    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, D::Error> {
        self.inner.deserialize_newtype_struct(name, visitor)
    }

    /// Only a member that the struct does not have is ignored.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.watch.raise();
        self.inner.deserialize_ignored_any(visitor)
    }

    fn is_human_readable(&self) -> bool {
        self.inner.is_human_readable()
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Watched<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(f)
    }

    #[inline]
    fn visit_none<E: de::Error>(self) -> Result<V::Value, E> {
        self.watch.raise();
        self.inner.visit_none()
    }

    #[inline]
    fn visit_unit<E: de::Error>(self) -> Result<V::Value, E> {
        self.watch.raise();
        self.inner.visit_unit()
    }

    #[inline]
    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.inner.visit_some(Watched { inner: deserializer, watch: self.watch })
    }

    #[inline]
    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<V::Value, A::Error> {
        self.inner.visit_seq(WatchedList { inner: list, watch: self.watch, items: Cell::new(0) })
    }

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.inner.visit_map(Watched { inner: map, watch: self.watch })
    }

    fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<V::Value, A::Error> {
        self.inner.visit_enum(access)
    }
}

/// The visitor of a struct: a derived one would read its members from a list, by position.
struct WatchedStruct<'w, V> {
    inner: V,
    watch: &'w Watch,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for WatchedStruct<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(f)
    }

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.inner.visit_map(Watched { inner: map, watch: self.watch })
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Watched<'_, A> {
    type Error = A::Error;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        self.inner.next_key_seed(seed)
    }

    #[inline]
    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.inner.next_value_seed(Watched { inner: seed, watch: self.watch })
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Watched<'_, S> {
    type Value = S::Value;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        self.inner.deserialize(Watched { inner: deserializer, watch: self.watch })
    }
}

struct WatchedList<'w, A> {
    inner: A,
    watch: &'w Watch,
    items: Cell<usize>,
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for WatchedList<'_, A> {
    type Error = A::Error;

    #[inline]
    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        // the item passes through untouched, and so uncopied
        let item = self.inner.next_element_seed(ItemSeed { inner: seed, watch: self.watch, items: &self.items });
        if self.items.get() == 0 {
            self.watch.raise();
        }
        item
    }
}

/// The seed of an item; counts when there is one.
struct ItemSeed<'w, S> {
    inner: S,
    watch: &'w Watch,
    items: &'w Cell<usize>,
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for ItemSeed<'_, S> {
    type Value = S::Value;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        self.items.set(self.items.get() + 1);
        if self.items.get() > MAX_ITEMS {
            return Err(de::Error::custom("list of too many items"));
        }
        self.inner.deserialize(Watched { inner: deserializer, watch: self.watch })
    }
}

/// A seed that decodes a `T` and watches; for payloads inside a frame.
#[derive(Debug)]
pub struct WatchedSeed<'w, T> {
    watch: &'w Watch,
    payload: PhantomData<T>,
}

impl<'w, T> WatchedSeed<'w, T> {
    /// Raises `watch` where needed.
    pub const fn new(watch: &'w Watch) -> Self {
        Self { watch, payload: PhantomData }
    }
}

impl<'de, T: de::Deserialize<'de>> DeserializeSeed<'de> for WatchedSeed<'_, T> {
    type Value = T;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        self.watch.read(deserializer)
    }
}
