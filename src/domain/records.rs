//! The records, as CRMs tell them: the vendor's values, never our reading of them.
//!
//! `L` is what a link is: the CRM's id (`String`) in a [`Page`](super::Page), the store's [`Key`](super::Key) in a
//! [`Row`](super::Row). Every field may be missing. To add a field is to add a line here: the store adds its column.

use std::marker::PhantomData;

use super::record::{FieldKind, kinds, records};
use super::{Column, ColumnKind, FieldReader, FieldWriter, Object};

records! {
    /// A group of users.
    Team {
        /// Display name.
        name: Text,
        /// Whoever leads it: a user's id, e-mail address or name, as the CRM has it.
        manager: Text,
    }

    /// A person with a login in the CRM, also one who left.
    User {
        /// Full name.
        name: Text,
        /// Given name, where the CRM keeps it apart.
        first_name: Text,
        /// A name for walls and chats.
        alias: Text,
        /// E-mail address; joins one person's users of several CRMs.
        email: Text,
        /// The (main) team.
        team: Link(Team),
        /// Role or profile, as the CRM names it.
        role: Text,
        /// Whoever leads the person: a user's id, e-mail address or name, as the CRM has it.
        manager: Text,
        /// False once deactivated; missing means active.
        active: Flag,
        /// First day in the company or role.
        started_on: Day,
        /// When the user was deactivated.
        left_at: When,
    }

    /// An ordered set of stages.
    Pipeline {
        /// Display name.
        name: Text,
        /// Order among the pipelines.
        position: Int,
    }

    /// A step of a pipeline.
    Stage {
        /// The pipeline; missing where all pipelines share the stages.
        pipeline: Link(Pipeline),
        /// Display name.
        name: Text,
        /// Order inside the pipeline.
        position: Int,
        /// What the CRM says of deals in it: `open`, `won` or `lost`.
        outcome: Text,
        /// Probability of winning, 0 to 1.
        probability: Decimal,
    }

    /// A company.
    Account {
        /// Display name.
        name: Text,
        /// Internet domain.
        domain: Text,
        /// Responsible user.
        owner: Link(User),
        /// Revenue in a year, in `currency`.
        annual_revenue: Decimal,
        /// ISO code of `annual_revenue`; missing means the CRM's default.
        currency: Text,
        /// Number of people.
        employees: Int,
        /// Marked by the CRM as a key account.
        key: Flag,
        /// Tier, segment or class, as the CRM names it.
        tier: Text,
        /// When the record was created.
        created_at: When,
    }

    /// A person at an account.
    Contact {
        /// Job title.
        title: Text,
        /// Where the person works.
        account: Link(Account),
        /// Responsible user.
        owner: Link(User),
        /// When the record was created.
        created_at: When,
    }

    /// A person or company that may become a customer.
    Lead {
        /// Responsible user.
        owner: Link(User),
        /// User who created it.
        creator: Link(User),
        /// Where it came from.
        source: Text,
        /// Its type, where the CRM has one.
        kind: Text,
        /// Status or stage, as the CRM names it.
        status: Text,
        /// Job title.
        title: Text,
        /// The contact that it is or became.
        contact: Link(Contact),
        /// Its company.
        account: Link(Account),
        /// The deal that came of it.
        deal: Link(Deal),
        /// The company's revenue in a year, in `currency`.
        company_revenue: Decimal,
        /// ISO code of `company_revenue`; missing means the CRM's default.
        currency: Text,
        /// The company's number of people.
        company_employees: Int,
        /// When the record was created.
        created_at: When,
        /// When it became marketing qualified, where the CRM keeps that date.
        mql_at: When,
        /// When it became sales qualified, where the CRM keeps that date.
        sql_at: When,
        /// When it was disqualified, where the CRM keeps that date.
        disqualified_at: When,
        /// When it was converted.
        converted_at: When,
    }

    /// An opportunity to sell.
    Deal {
        /// Display name.
        name: Text,
        /// Responsible user.
        owner: Link(User),
        /// The customer.
        account: Link(Account),
        /// People it is discussed with.
        contacts: Links(Contact),
        /// The pipeline.
        pipeline: Link(Pipeline),
        /// The present stage.
        stage: Link(Stage),
        /// Status, where the CRM has one beside the stage: `open`, `won`, `lost`.
        status: Text,
        /// What it is worth, in `currency`.
        amount: Decimal,
        /// ISO code of `amount`; missing means the CRM's default.
        currency: Text,
        /// The CRM's own conversion of `amount`.
        converted_amount: Decimal,
        /// ISO code of `converted_amount`.
        converted_currency: Text,
        /// Probability of winning, 0 to 1.
        probability: Decimal,
        /// When the record was created.
        created_at: When,
        /// The CRM's close date: the actual one of a closed deal, the expected one of an open deal.
        closed_at: When,
        /// The expected close date, where the CRM keeps it apart.
        expected_close: When,
        /// When the status last changed to closed, where the CRM keeps that time.
        status_changed_at: When,
        /// Why it was lost.
        lost_reason: Text,
        /// Where it came from.
        source: Text,
    }

    /// A deal came into a stage.
    StageChange {
        /// The deal.
        deal: Link(Deal),
        /// The stage that it came into.
        stage: Link(Stage),
        /// The stage that it left, where the CRM tells it.
        from_stage: Link(Stage),
        /// When.
        at: When,
    }

    /// A lead came into a status.
    StatusChange {
        /// The lead.
        lead: Link(Lead),
        /// The status that it came into, as the CRM names it.
        status: Text,
        /// When.
        at: When,
    }

    /// A deal or lead came to an owner.
    OwnerChange {
        /// The deal, if it is one.
        deal: Link(Deal),
        /// The lead, if it is one.
        lead: Link(Lead),
        /// The new owner.
        owner: Link(User),
        /// When.
        at: When,
    }

    /// A call, email, meeting, task, ...
    Activity {
        /// Type, as the CRM names it.
        kind: Text,
        /// Responsible user.
        owner: Link(User),
        /// Start of a call or meeting; when an email was sent or received.
        at: When,
        /// When it is due.
        due: When,
        /// When it was completed.
        completed_at: When,
        /// Length in seconds.
        duration_seconds: Int,
        /// Status, as the CRM names it.
        status: Text,
        /// Direction, as the CRM names it.
        direction: Text,
        /// Outcome or disposition, as the CRM names it.
        outcome: Text,
        /// Subject line.
        subject: Text,
        /// Contacts it is linked to.
        contacts: Links(Contact),
        /// Leads it is linked to.
        leads: Links(Lead),
        /// Deals it is linked to.
        deals: Links(Deal),
        /// Accounts it is linked to.
        accounts: Links(Account),
        /// When the record was created.
        created_at: When,
    }

    /// A target that the CRM keeps (quota), for one person or team and one period.
    Goal {
        /// What the CRM calls it.
        name: Text,
        /// The person, if it is one's.
        owner: Link(User),
        /// The team, if it is a team's.
        team: Link(Team),
        /// What is to be reached, in `currency` if that is given.
        target: Decimal,
        /// ISO code of `target`.
        currency: Text,
        /// First day of the period.
        starts_on: Day,
        /// Last day of the period.
        ends_on: Day,
    }

    /// An answer to a satisfaction survey.
    Survey {
        /// Which survey.
        survey: Text,
        /// The answer.
        score: Decimal,
        /// The user it is about.
        owner: Link(User),
        /// The customer.
        account: Link(Account),
        /// The deal it is about.
        deal: Link(Deal),
        /// When it was answered.
        at: When,
    }

    /// A currency that the CRM uses.
    CurrencyRate {
        /// ISO code.
        currency: Text,
        /// What one unit of `currency` is worth, in `to`.
        rate: Decimal,
        /// ISO code that `rate` leads to.
        to: Text,
        /// From when on the rate holds; missing means always.
        effective_at: When,
        /// Whether amounts without a currency are in `currency`.
        is_default: Flag,
    }
}
