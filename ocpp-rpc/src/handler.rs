//! What handlers of requests look like.

use async_trait::async_trait;
use ocpp_types::{DecodeError, DecodePolicy, Request};

use crate::{CallError, Connection, ErrorCode, Inbound, Instant, Machine, Replier, ReplyRefused, Responder};

/// A handler for one kind of request, as a trait: for programs whose handlers share state in a struct. Closures do as well,
/// see [`Router::on`](crate::Router::on).
///
/// ```
/// use ocpp_rpc::{CallError, Handler};
/// use ocpp_types::v16;
///
/// struct Site;
///
/// #[async_trait::async_trait]
/// impl<Cx: Send + 'static> Handler<v16::AuthorizeRequest, Cx> for Site {
///     async fn handle(&self, _: Cx, request: v16::AuthorizeRequest) -> Result<v16::AuthorizeResponse, CallError> {
///         let known = request.id_tag.as_str() == "04A1B2";
///         let status = if known { v16::AuthorizationStatus::Accepted } else { v16::AuthorizationStatus::Invalid };
///         Ok(v16::AuthorizeResponse::new(v16::IdTagInfo::new(status)))
///     }
/// }
/// ```
#[async_trait]
pub trait Handler<R: Request, Cx: Send + 'static>: Send + Sync + 'static {
    /// Answers a request.
    async fn handle(&self, context: Cx, request: R) -> Result<R::Response, CallError>;
}

/// A machine whose requests a [`Router`](crate::Router) can answer: a [`Connection`], or what is built on one.
pub trait Conversation: Machine + Send + Sized + 'static {
    /// The requests that come in.
    type In: Inbound;

    /// How payloads are read that were not read yet.
    fn policy(&self) -> DecodePolicy;

    /// Answers a request; see [`Connection::reply`].
    ///
    /// # Errors
    ///
    /// As there.
    fn reply<R: Request>(
        &mut self,
        now: Instant,
        to: Replier<R>,
        outcome: Result<R::Response, CallError>,
    ) -> Result<(), ReplyRefused>;

    /// Refuses a request; see [`Connection::refuse`].
    ///
    /// # Errors
    ///
    /// As there.
    fn refuse(&mut self, now: Instant, to: Responder, error: CallError) -> Result<(), ReplyRefused>;

    /// Refuses a request whose payload broke the specification; see [`Connection::refuse_payload`].
    ///
    /// # Errors
    ///
    /// As there.
    fn refuse_payload(&mut self, now: Instant, to: Responder, error: &DecodeError) -> Result<(), ReplyRefused> {
        let code = ErrorCode::of(to.version(), error);
        self.refuse(now, to, CallError::new(code, error.first().to_string()))
    }
}

impl<In: Inbound> Conversation for Connection<In> {
    type In = In;

    fn policy(&self) -> DecodePolicy {
        self.config().policy
    }

    fn reply<R: Request>(
        &mut self,
        now: Instant,
        to: Replier<R>,
        outcome: Result<R::Response, CallError>,
    ) -> Result<(), ReplyRefused> {
        Self::reply(self, now, to, outcome)
    }

    fn refuse(&mut self, now: Instant, to: Responder, error: CallError) -> Result<(), ReplyRefused> {
        Self::refuse(self, now, to, error)
    }

    fn refuse_payload(&mut self, now: Instant, to: Responder, error: &DecodeError) -> Result<(), ReplyRefused> {
        Self::refuse_payload(self, now, to, error)
    }
}
