//! The table of actions of a version, written once.

/// Declares the actions of a version: `Action`, the links from request to response, `StationCall` and `CsmsCall`.
///
/// Each group lists `Action(Request => Response): Block`; `notices` lists `Action(Payload): Block`, unanswered. The name in
/// the frame is that of the action, or the text given after `=`.
macro_rules! actions {
    (
        version $version:ident, blocks $block:ident;
        station {
            $( $station:ident $(= $station_name:literal)? ($station_request:ident => $station_response:ident): $station_block:ident, )+
        }
        csms { $( $csms:ident $(= $csms_name:literal)? ($csms_request:ident => $csms_response:ident): $csms_block:ident, )+ }
        both { $( $both:ident $(= $both_name:literal)? ($both_request:ident => $both_response:ident): $both_block:ident, )+ }
        notices { $( $notice:ident $(= $notice_name:literal)? ($notice_payload:ident): $notice_block:ident, )* }
    ) => {
        /// An action, which names a message in a frame.
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        #[non_exhaustive]
        pub enum Action {
            $(
                #[doc = concat!("[`", stringify!($station_request), "`], sent by stations.")]
                $station,
            )+
            $(
                #[doc = concat!("[`", stringify!($csms_request), "`], sent by the CSMS.")]
                $csms,
            )+
            $(
                #[doc = concat!("[`", stringify!($both_request), "`], sent by both sides.")]
                $both,
            )+
            $(
                #[doc = concat!("[`", stringify!($notice_payload), "`], sent by stations and not answered.")]
                $notice,
            )*
        }

        impl Action {
            /// All actions: those of stations, of the CSMS, of both, and the unanswered ones.
            pub const ALL: &'static [Self] =
                &[$( Self::$station, )+ $( Self::$csms, )+ $( Self::$both, )+ $( Self::$notice, )*];

            /// The name as it stands in a frame.
            pub const fn as_str(self) -> &'static str {
                use $crate::string_enum::text;
                match self {
                    $( Self::$station => text!($station $(= $station_name)?), )+
                    $( Self::$csms => text!($csms $(= $csms_name)?), )+
                    $( Self::$both => text!($both $(= $both_name)?), )+
                    $( Self::$notice => text!($notice $(= $notice_name)?), )*
                }
            }

            /// Finds an action by its exact name (rule RPC-09).
            pub fn from_wire(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|action| action.as_str() == name)
            }

            /// Who may send it.
            pub const fn origin(self) -> $crate::Origin {
                match self {
                    $( Self::$station => $crate::Origin::Station, )+
                    $( Self::$csms => $crate::Origin::Csms, )+
                    $( Self::$both => $crate::Origin::Both, )+
                    $( Self::$notice => $crate::Origin::Station, )*
                }
            }

            /// The functional part of the specification it belongs to.
            pub const fn block(self) -> $block {
                match self {
                    $( Self::$station => $block::$station_block, )+
                    $( Self::$csms => $block::$csms_block, )+
                    $( Self::$both => $block::$both_block, )+
                    $( Self::$notice => $block::$notice_block, )*
                }
            }

            /// The shape of its request, or of the notice.
            pub const fn request(self) -> &'static $crate::shape::Shape {
                match self {
                    $( Self::$station => <$station_request as $crate::Payload>::SHAPE, )+
                    $( Self::$csms => <$csms_request as $crate::Payload>::SHAPE, )+
                    $( Self::$both => <$both_request as $crate::Payload>::SHAPE, )+
                    $( Self::$notice => <$notice_payload as $crate::Payload>::SHAPE, )*
                }
            }

            /// The shape of its response; a notice has none.
            pub const fn response(self) -> Option<&'static $crate::shape::Shape> {
                match self {
                    $( Self::$station => Some(<$station_response as $crate::Payload>::SHAPE), )+
                    $( Self::$csms => Some(<$csms_response as $crate::Payload>::SHAPE), )+
                    $( Self::$both => Some(<$both_response as $crate::Payload>::SHAPE), )+
                    $( Self::$notice => None, )*
                }
            }
        }

        impl ::core::fmt::Display for Action {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(self.as_str())
            }
        }

        $( $crate::actions::tie!($version, $station, $station_request => $station_response, Station); )+
        $( $crate::actions::tie!($version, $csms, $csms_request => $csms_response, Csms); )+
        $( $crate::actions::tie!($version, $both, $both_request => $both_response, Both); )+
        $(
            impl $crate::Payload for $notice_payload {}

            impl $crate::Notice for $notice_payload {
                const VERSION: $crate::Version = $crate::Version::$version;
                const ACTION: &'static str = Action::$notice.as_str();
                const ORIGIN: $crate::Origin = $crate::Origin::Station;
            }
        )*

        /// The name and the schema of every request, response and notice, by [`schema_of`](crate::schema_of).
        ///
        /// A schema is derived when it is called for.
        #[cfg(feature = "schema")]
        pub fn schemas() -> impl Iterator<Item = (&'static str, fn() -> schemars::Schema)> {
            let all: &'static [(&'static str, fn() -> schemars::Schema)] = &[
                $( $crate::actions::schema!($station_request), $crate::actions::schema!($station_response), )+
                $( $crate::actions::schema!($csms_request), $crate::actions::schema!($csms_response), )+
                $( $crate::actions::schema!($both_request), $crate::actions::schema!($both_response), )+
                $( $crate::actions::schema!($notice_payload), )*
            ];
            all.iter().copied()
        }

        /// Shows every payload type of this version to a visitor: requests, responses and notices.
        pub fn each_payload(visitor: &mut impl $crate::EachPayload) {
            $(
                visitor.payload::<$station_request>();
                visitor.payload::<$station_response>();
            )+
            $(
                visitor.payload::<$csms_request>();
                visitor.payload::<$csms_response>();
            )+
            $(
                visitor.payload::<$both_request>();
                visitor.payload::<$both_response>();
            )+
            $( visitor.payload::<$notice_payload>(); )*
        }

        $crate::actions::calls! {
            /// A request that a station sends to its CSMS.
            pub enum StationCall, version $version {
                $( $station($station_request), )+
                $( $both($both_request), )+
            }
        }

        $crate::actions::calls! {
            /// A request that a CSMS sends to a station.
            pub enum CsmsCall, version $version {
                $( $csms($csms_request), )+
                $( $both($both_request), )+
            }
        }
    };
}
pub(crate) use actions;

/// Ties a request to its response.
macro_rules! tie {
    ($version:ident, $action:ident, $request:ident => $response:ident, $origin:ident) => {
        impl $crate::Payload for $request {}

        impl $crate::Payload for $response {}

        impl $crate::Request for $request {
            type Response = $response;

            const VERSION: $crate::Version = $crate::Version::$version;
            const ACTION: &'static str = Action::$action.as_str();
            const ORIGIN: $crate::Origin = $crate::Origin::$origin;
        }
    };
}
pub(crate) use tie;

/// The name of a payload and how to get its schema.
#[cfg(feature = "schema")]
macro_rules! schema {
    ($payload:ident) => {
        (stringify!($payload), $crate::schema_of::<$payload>)
    };
}
#[cfg(feature = "schema")]
pub(crate) use schema;

/// A value as a type that may be its own.
pub(crate) fn same<T: 'static, R: 'static>(value: T) -> Result<R, T> {
    let mut slot = Some(value);
    match (&mut slot as &mut dyn core::any::Any).downcast_mut::<Option<R>>().and_then(Option::take) {
        Some(found) => Ok(found),
        None => Err(slot.expect("nothing was taken out of it")),
    }
}

/// An enumeration of requests.
macro_rules! calls {
    (
        $(#[$meta:meta])*
        pub enum $name:ident, version $version:ident {
            $( $action:ident($request:ident), )+
        }
    ) => {
        $(#[$meta])*
        ///
        /// Unboxed, so that decoding one allocates no more than its payload does.
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        #[allow(clippy::large_enum_variant)]
        pub enum $name {
            $(
                #[doc = concat!("[`", stringify!($request), "`].")]
                $action($request),
            )+
        }

        impl $name {
            /// The action of the request.
            pub const fn action(&self) -> Action {
                match self {
                    $( Self::$action(_) => Action::$action, )+
                }
            }
        }

        impl $crate::Calls for $name {
            type Action = Action;

            const VERSION: $crate::Version = $crate::Version::$version;

            fn find(name: &str) -> Option<Action> {
                $( if name == Action::$action.as_str() { return Some(Action::$action); } )+
                None
            }

            fn is_known(name: &str) -> bool {
                Action::from_wire(name).is_some_and(|action| action.response().is_some())
            }

            // inlined so that only crates that call it compile the reading of every message
            #[inline]
            fn decode(
                action: Action,
                json: &str,
                policy: $crate::DecodePolicy,
            ) -> Result<$crate::Decoded<Self>, $crate::DecodeError> {
                match action {
                    $( Action::$action => $crate::decode(json, policy).map(|decoded| decoded.map(Self::$action)), )+
                    other => Err($crate::DecodeError::misdirected(other.as_str())),
                }
            }

            fn read<'de, D: serde::Deserializer<'de>, T>(
                action: Action,
                deserializer: D,
                policy: $crate::DecodePolicy,
                make: impl FnOnce(Self) -> T,
            ) -> Result<T, D::Error> {
                match action {
                    $(
                        Action::$action => {
                            let request = <$request as serde::Deserialize>::deserialize(deserializer)?;
                            if policy != $crate::DecodePolicy::Trust && !$crate::shape::Datatype::conforms(&request) {
                                return Err(serde::de::Error::custom(action));
                            }
                            Ok(make(Self::$action(request)))
                        }
                    )+
                    other => Err(serde::de::Error::custom(other)),
                }
            }

            fn conforms(&self) -> bool {
                match self {
                    $( Self::$action(request) => $crate::shape::Datatype::conforms(request), )+
                }
            }

            fn into_request<R: $crate::Request>(self) -> Result<R, Self> {
                match self {
                    $( Self::$action(request) => $crate::actions::same(request).map_err(Self::$action), )+
                }
            }
        }

        $(
            impl From<$request> for $name {
                fn from(request: $request) -> Self {
                    Self::$action(request)
                }
            }
        )+

        /// Writes the payload.
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    $( Self::$action(request) => request.serialize(serializer), )+
                }
            }
        }
    };
}
pub(crate) use calls;
