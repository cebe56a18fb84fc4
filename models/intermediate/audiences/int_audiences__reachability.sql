-- Guarantees one verdict per contact and way to reach it, which eligibility and contact_reachability both read, so that they agree.
with

channel_states as (

    select * from {{ ref('crm_segmentation', 'int_audiences__channel_states') }}

),

forbidden_keys as (

    select * from {{ ref('crm_segmentation', 'int_audiences__forbidden_keys') }}

),

contacts as (

    select * from {{ ref('crm_segmentation', 'contacts') }}

),

global_holdouts as (

    select distinct contact_id

    from {{ ref('crm_segmentation', 'segment_holdouts') }}

    where segment_name = 'all'

),

destinations as (

    {{ active_destinations() | indent(4) }}

),

destination_ways as (

    select distinct
        channel,
        identifier

    from destinations

),

channels as (

    select distinct channel from channel_states

),

-- A channel without a destination is reached by what it goes by its nature.
ways as (

    select
        channels.channel,
        coalesce(
            destination_ways.identifier,
            case
                when channels.channel in ('email', 'phone') then channels.channel
                when channels.channel = 'sms' then 'phone'
                when channels.channel in ('ads', 'social') then 'email_or_phone'
                else 'contact_id'
            end
        ) as identifier

    from channels

    left join destination_ways on channels.channel = destination_ways.channel

),

contact_ways as (

    select
        channel_states.*,
        ways.identifier,
        ways.identifier in ('email', 'email_or_phone') as goes_by_email,
        ways.identifier in ('phone', 'email_or_phone') as goes_by_phone

    from channel_states

    inner join ways on channel_states.channel = ways.channel

),

-- Who is sent under two keys is held back for either.
keyed as (

    select
        contact_ways.*,
        contacts.is_held_back,
        case when contact_ways.goes_by_email then contacts.email end as email,
        case when contact_ways.goes_by_phone then contacts.phone_e164 end as phone_e164,
        case when contact_ways.goes_by_email then {{ identifier_key(matching_email('contacts.email')) }} end as email_key,
        case when contact_ways.goes_by_phone then {{ identifier_key('contacts.phone_e164') }} end as phone_key,
        global_holdouts.contact_id is not null as is_held_out

    from contact_ways

    inner join contacts on contact_ways.contact_id = contacts.contact_id

    left join global_holdouts on contact_ways.contact_id = global_holdouts.contact_id

),

forbidden as (

    select
        keyed.*,
        {%- for moment in ['withdrawn_at', 'complained_at'] %}
        {{ greatest_of(['forbidden_emails.' ~ moment, 'forbidden_phones.' ~ moment]) }} as key_{{ moment }},
        {%- endfor %}
        case
            when keyed.goes_by_email or keyed.goes_by_phone
                then {{ greatest_of(['forbidden_emails.bounced_at', 'forbidden_phones.bounced_at']) }}
            when keyed.received_at > keyed.bounced_at or (keyed.is_granted and keyed.decided_at > keyed.bounced_at) then null
            else keyed.bounced_at
        end as standing_bounce_at

    from keyed

    left join forbidden_keys as forbidden_emails
        on
            keyed.channel = forbidden_emails.channel
            and keyed.email_key = forbidden_emails.identifier_key
            and forbidden_emails.identifier_type = 'email'

    left join forbidden_keys as forbidden_phones
        on
            keyed.channel = forbidden_phones.channel
            and keyed.phone_key = forbidden_phones.identifier_key
            and forbidden_phones.identifier_type = 'phone'

),

judged as (

    select
        *,
        {{ first_reason([
            ('is_erased', 'erased'),
            ('is_held_back', 'erasure_undecided'),
            ('is_granted is null and not is_allowed_by_default', 'no_consent'),
            ('not is_granted or key_withdrawn_at is not null', 'withdrawn'),
            ('standing_bounce_at is not null', 'bounced'),
            ('complained_at is not null or key_complained_at is not null', 'complained'),
            ('is_at_cap', 'frequency_cap'),
            ('is_held_out', 'holdout'),
            ('(goes_by_email or goes_by_phone) and coalesce(email, phone_e164) is null', 'no_identifier'),
        ]) | indent(8) }} as held_back_reason

    from forbidden

),

reachability as (

    select
        contact_id,
        channel,
        identifier,
        held_back_reason,
        has_cap,
        cast(case
            when held_back_reason is null and is_granted then decided_at
            when held_back_reason is null or held_back_reason = 'no_consent' then first_seen_at
            when held_back_reason = 'withdrawn' then case when not is_granted then decided_at else key_withdrawn_at end
            when held_back_reason = 'bounced' then standing_bounce_at
            when held_back_reason = 'complained' then coalesce(complained_at, key_complained_at)
            when held_back_reason = 'frequency_cap' then sent_at
        end as date) as since_on,
        coalesce(
            held_back_reason in ('erased', 'erasure_undecided', 'no_consent', 'withdrawn', 'bounced', 'complained'), false
        ) as is_forbidden,
        case when held_back_reason is null or held_back_reason = 'frequency_cap' then cap_changes_on end as next_change_on

    from judged

)

select * from reachability
