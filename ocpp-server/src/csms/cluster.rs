//! A CSMS on several nodes.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use ocpp_rpc::{CloseCode, ErrorCode};
use ocpp_types::Request;
use tokio::time::{Instant, sleep, timeout};

use super::{CallError, CallOptions, Csms, CsmsEvent};
use crate::directory::{
    Delivery, Directory, DirectoryError, Epoch, Holder, Intake, NodeId, RemoteAnswer, RemoteCall, RemoteDesk,
    RemoteFailure, RemoteOutcome,
};
use crate::{CommandFailure, CommandRefused, StationId};

/// This node among others (rule CS-52).
///
/// A station is claimed in the directory when it connects and released when it goes; [`Csms::keep_lease`] has to run for that.
/// [`Csms::call`] finds the node that holds a station, and [`Csms::take_remote`] is what that node does with the call.
#[derive(Clone)]
#[non_exhaustive]
pub struct Cluster {
    /// The name of this node.
    pub node: NodeId,
    /// Who holds which station.
    pub directory: Arc<dyn Directory>,
    /// The way to the other nodes.
    pub nodes: Arc<dyn Nodes>,
    /// How long this node holds its stations without being heard of.
    pub lease: Duration,
    local: Arc<Mutex<Local>>,
}

/// What this node knows of its part.
struct Local {
    desk: RemoteDesk,
    /// The claims by which it holds its stations.
    epochs: BTreeMap<StationId, Epoch>,
    calls: u64,
}

/// The way to other nodes: a message broker, HTTP, or whatever there is.
#[async_trait]
pub trait Nodes: Send + Sync + 'static {
    /// Brings a call to a node, where [`Csms::take_remote`] takes it, and the answer back.
    ///
    /// # Errors
    /// When there is no answer.
    async fn call(&self, node: &NodeId, call: RemoteCall) -> Result<RemoteAnswer, NodeError>;

    /// Tells a node that another one has claimed a station with this epoch; there, [`Csms::let_go`] takes it. Best effort: the
    /// directory is right in any case.
    async fn let_go(&self, node: &NodeId, station: &StationId, epoch: Epoch);
}

/// Why a node does not answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum NodeError {
    /// The call has not reached it.
    #[error("node not reached")]
    Unreachable,
    /// It may have.
    #[error("no answer of the node")]
    NoAnswer,
}

/// Why a call to a station, wherever it is, has no answer to show.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RoutedError {
    /// The station is connected to this node, and the call failed here.
    #[error(transparent)]
    Here(#[from] CallError),
    /// It is connected to another node, or to none, and the call failed there.
    #[error("call not carried out on another node: {0}")]
    Elsewhere(#[from] RemoteFailure),
    /// The station has refused the call with a CALLERROR, which another node has brought here.
    #[error("refused by the station: {0}")]
    Refused(ocpp_rpc::CallError),
    /// Nobody can say where the station is.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    /// The answer that another node has brought here is none to this call.
    #[error("invalid answer of the station: {0}")]
    Response(ocpp_types::DecodeError),
}

impl RoutedError {
    /// Whether the station may have acted on the call.
    pub fn may_have_happened(&self) -> bool {
        match self {
            Self::Here(error) => error.may_have_happened(),
            Self::Elsewhere(failure) => *failure == RemoteFailure::Unknown,
            Self::Response(_) => true,
            Self::Refused(_) | Self::Directory(_) => false,
        }
    }
}

/// How many calls of other nodes are remembered, to know those that are delivered twice.
const REMEMBERED: usize = 4096;

impl Cluster {
    /// This node, with a lease of 30 seconds.
    pub fn new(node: NodeId, directory: Arc<dyn Directory>, nodes: Arc<dyn Nodes>) -> Self {
        let local = Local { desk: RemoteDesk::new(REMEMBERED), epochs: BTreeMap::new(), calls: 0 };
        let lease = Duration::from_secs(30);
        Self { node, directory, nodes, lease, local: Arc::new(Mutex::new(local)) }
    }

    fn local(&self) -> MutexGuard<'_, Local> {
        self.local.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Claims a station that connects, and tells the node that held it.
    pub(super) async fn claim(&self, station: &StationId) -> Result<(), DirectoryError> {
        let claim = self.directory.claim(station, &self.node).await?;
        {
            let mut local = self.local();
            // of two connections one after the other, the later claim counts, whichever comes to know it first
            let epoch = local.epochs.entry(station.clone()).or_insert(claim.epoch);
            *epoch = claim.epoch.max(*epoch);
        }
        if let Some(Holder { node, .. }) = claim.previous
            && node != self.node
        {
            let (nodes, station) = (Arc::clone(&self.nodes), station.clone());
            tokio::spawn(async move { nodes.let_go(&node, &station, claim.epoch).await });
        }
        Ok(())
    }

    /// The claim on a station that has gone, which is not held any more.
    pub(super) fn forget(&self, station: &StationId) -> Option<Epoch> {
        self.local().epochs.remove(station)
    }

    /// Lets go of a station in the directory; without effect if it was claimed anew meanwhile.
    pub(super) async fn release(&self, station: &StationId, epoch: Epoch) {
        // what cannot be released is free with the lease, or with the next claim
        _ = self.directory.release(station, epoch).await;
    }
}

impl Csms {
    /// Calls a station wherever it is: on this node, or through the one that holds it. Of the options, only the time goes to
    /// another node.
    ///
    /// # Errors
    /// Why there is no answer. [`RemoteFailure::NotConnected`] if no node holds the station (fault row E12), and
    /// [`RemoteFailure::Moved`] if it has gone elsewhere meanwhile: then nothing was sent.
    pub async fn call<R: Request>(
        &self,
        station: &StationId,
        request: &R,
        options: CallOptions,
        delivery: Delivery,
    ) -> Result<R::Response, RoutedError> {
        if let Some(here) = self.station(station.as_str()) {
            return Ok(here.call_with(request, options).await?);
        }
        let payload = ocpp_types::encode(request)
            .map_err(|error| CallError::from(CommandRefused::from(ocpp_rpc::CallRefused::Payload(error))))?;
        let text = self.call_elsewhere(station, R::ACTION, payload, options, delivery).await?;
        let policy = self.0.config.rules.connection.policy;
        let response = ocpp_types::decode::<R::Response>(&text, policy).map_err(RoutedError::Response)?;
        Ok(response.value)
    }

    /// The same with an action and a JSON text. For tools and proxies.
    ///
    /// # Errors
    /// Why there is no answer.
    pub async fn call_raw(
        &self,
        station: &StationId,
        action: &str,
        payload: &str,
        options: CallOptions,
        delivery: Delivery,
    ) -> Result<String, RoutedError> {
        if let Some(here) = self.station(station.as_str()) {
            return Ok(here.call_raw(action, payload, options).await?);
        }
        self.call_elsewhere(station, action, payload.to_owned(), options, delivery).await
    }

    async fn call_elsewhere(
        &self,
        station: &StationId,
        action: &str,
        payload: String,
        options: CallOptions,
        delivery: Delivery,
    ) -> Result<String, RoutedError> {
        let Some(cluster) = &self.0.config.cluster else { return Err(RemoteFailure::NotConnected.into()) };
        let holder = cluster.directory.find(station).await?;
        // one that this node is said to hold has just gone
        let holder = holder.filter(|holder| holder.node != cluster.node).ok_or(RemoteFailure::NotConnected)?;
        let within = options.within.unwrap_or(self.0.config.rules.command_deadline);
        let number = {
            let mut local = cluster.local();
            local.calls += 1;
            local.calls
        };
        let call = RemoteCall {
            // the seed is another one each time the program starts
            id: format!("{}-{:x}-{number}", cluster.node.0, self.0.config.message_id_seed),
            station: station.clone(),
            epoch: holder.epoch,
            action: action.to_owned(),
            payload,
            remaining_ms: u64::try_from(within.as_millis()).unwrap_or(u64::MAX),
            delivery,
        };
        // what the other node says at its deadline is on its way then
        let answer = match timeout(within + ON_THE_WAY, cluster.nodes.call(&holder.node, call)).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(NodeError::Unreachable)) => return Err(RemoteFailure::NotConnected.into()),
            Ok(Err(NodeError::NoAnswer)) | Err(_) => return Err(RemoteFailure::Unknown.into()),
        };
        match answer.outcome {
            RemoteOutcome::Answered(text) => Ok(text),
            RemoteOutcome::Refused { code, description } => {
                Err(RoutedError::Refused(ocpp_rpc::CallError::new(ErrorCode::from_wire(&code), description)))
            }
            RemoteOutcome::Failed(failure) => Err(failure.into()),
        }
    }

    /// Carries out a call that another node has sent for a station that this one holds. None if the same call is under way
    /// already: it will be answered once.
    pub async fn take_remote(&self, call: RemoteCall) -> Option<RemoteAnswer> {
        let failed = |failure| RemoteAnswer { id: call.id.clone(), outcome: RemoteOutcome::Failed(failure) };
        let Some(cluster) = &self.0.config.cluster else { return Some(failed(RemoteFailure::NotConnected)) };
        let station = self.station(call.station.as_str());
        let intake = {
            let mut local = cluster.local();
            let current = local.epochs.get(&call.station).copied().filter(|_| station.is_some());
            local.desk.take_in(&call, current)
        };
        match (intake, station) {
            (Intake::Answer(outcome), _) => Some(RemoteAnswer { id: call.id, outcome }),
            (Intake::UnderWay, _) => None,
            (Intake::Proceed, None) => Some(failed(RemoteFailure::NotConnected)),
            (Intake::Proceed, Some(station)) => {
                let options =
                    CallOptions { within: Some(Duration::from_millis(call.remaining_ms)), ..CallOptions::default() };
                let mut under_way =
                    UnderWay { cluster, id: &call.id, outcome: RemoteOutcome::Failed(RemoteFailure::Unknown) };
                under_way.outcome = match station.call_raw(&call.action, &call.payload, options).await {
                    Ok(text) => RemoteOutcome::Answered(text),
                    Err(error) => outcome_of(error),
                };
                let outcome = under_way.outcome.clone();
                drop(under_way);
                Some(RemoteAnswer { id: call.id, outcome })
            }
        }
    }

    /// Another node holds a station by this epoch: the connection here, if there is an older one, is closed (rule CS-52).
    pub fn let_go(&self, station: &StationId, epoch: Epoch) {
        let Some(cluster) = &self.0.config.cluster else { return };
        let is_older = {
            let mut local = cluster.local();
            let is_older = local.epochs.get(station).is_some_and(|held| *held < epoch);
            if is_older {
                local.epochs.remove(station);
            }
            is_older
        };
        if let Some(station) = self.station(station.as_str()).filter(|_| is_older) {
            station.close(CloseCode::POLICY, "connected to another node");
        }
    }

    /// Keeps the lease of this node, for ever: run it beside the listener. A node that cannot renew it in time holds nothing any
    /// more, so it closes its connections; stations come back, to this node or another.
    pub async fn keep_lease(&self) {
        let Some(cluster) = &self.0.config.cluster else { return };
        let mut renewed = Instant::now();
        let mut is_over = false;
        loop {
            let asked = Instant::now();
            // a directory that hangs is as bad as one that refuses
            let result = timeout(cluster.lease / 3, cluster.directory.renew(&cluster.node, cluster.lease)).await;
            match result.unwrap_or_else(|_| Err(DirectoryError::Unavailable("no answer in time".into()))) {
                Ok(()) => {
                    (renewed, is_over) = (asked, false);
                    sleep(cluster.lease / 3).await;
                }
                Err(error) => {
                    self.0.tell(&CsmsEvent::Directory(&error));
                    let is_lost = error == DirectoryError::LeaseOver || renewed.elapsed() >= cluster.lease;
                    if is_lost && !is_over {
                        is_over = true;
                        cluster.local().epochs.clear();
                        for station in self.stations() {
                            station.close(CloseCode::RESTART, "this node lost its lease");
                        }
                    }
                    sleep(cluster.lease / 30).await;
                }
            }
        }
    }
}

/// How long the answer of another node may take to come here.
const ON_THE_WAY: Duration = Duration::from_secs(1);

/// A call of another node that is being carried out. Dropped half way, its outcome is unknown.
struct UnderWay<'a> {
    cluster: &'a Cluster,
    id: &'a str,
    outcome: RemoteOutcome,
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        _ = self.cluster.local().desk.finish(self.id, self.outcome.clone());
    }
}

fn outcome_of(error: CallError) -> RemoteOutcome {
    RemoteOutcome::Failed(match error {
        CallError::Failed(CommandFailure::Refused(error)) => {
            return RemoteOutcome::Refused { code: error.code_text().to_owned(), description: error.description };
        }
        error if error.may_have_happened() => RemoteFailure::Unknown,
        CallError::Refused(CommandRefused::QueueFull(_)) => RemoteFailure::Busy,
        CallError::Refused(CommandRefused::Offline) | CallError::Failed(CommandFailure::Offline) => {
            RemoteFailure::NotConnected
        }
        CallError::Failed(CommandFailure::Expired | CommandFailure::Cancelled { .. }) => RemoteFailure::Expired,
        _ => RemoteFailure::Invalid,
    })
}

impl fmt::Debug for Cluster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cluster").field("node", &self.node).field("lease", &self.lease).finish_non_exhaustive()
    }
}
