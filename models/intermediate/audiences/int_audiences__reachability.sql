-- Guarantees one verdict per contact and way to reach it, which eligibility and contact_reachability both read, so that they agree.
with

{{ imports({
    'channel_states': 'int_audiences__channel_states',
    'ways': 'int_audiences__ways',
    'forbidden_emails': ['int_audiences__forbidden_keys', "identifier_type = 'email'"],
    'forbidden_phones': ['int_audiences__forbidden_keys', "identifier_type = 'phone'"],
    'contacts': 'contacts',
    'global_holdouts': ['segment_holdouts', "segment_name = 'all'"],
}) }}

-- Who is sent under two keys is held back for either.
contact_ways as (

    select
        channel_states.*,
        ways.identifier,
        contacts.is_held_back,
        case when ways.goes_by_email then {{ identifier_key(matching_email('contacts.email')) }} end as email_key,
        case when ways.goes_by_phone then {{ identifier_key('contacts.phone_e164') }} end as phone_key,
        ways.goes_by_email or ways.goes_by_phone as goes_by_key,
        global_holdouts.contact_id is not null as is_held_out

    from channel_states

    inner join ways on channel_states.channel = ways.channel

    inner join contacts on channel_states.contact_id = contacts.contact_id

    left join global_holdouts on channel_states.contact_id = global_holdouts.contact_id

),

with_forbidden_keys as (

    select
        contact_ways.*,
        {{ greatest_of(['forbidden_emails.withdrawn_at', 'forbidden_phones.withdrawn_at']) }} as key_withdrawn_at,
        {{ greatest_of(['forbidden_emails.complained_at', 'forbidden_phones.complained_at']) }} as key_complained_at,
        case
            when contact_ways.goes_by_key then {{ greatest_of(['forbidden_emails.bounced_at', 'forbidden_phones.bounced_at']) }}
            when
                contact_ways.received_at > contact_ways.bounced_at
                or (contact_ways.is_granted and contact_ways.decided_at > contact_ways.bounced_at)
                then null
            else contact_ways.bounced_at
        end as standing_bounce_at

    from contact_ways

    left join forbidden_emails
        on contact_ways.channel = forbidden_emails.channel and contact_ways.email_key = forbidden_emails.identifier_key

    left join forbidden_phones
        on contact_ways.channel = forbidden_phones.channel and contact_ways.phone_key = forbidden_phones.identifier_key

),

with_reasons as (

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
            ('goes_by_key and coalesce(email_key, phone_key) is null', 'no_identifier'),
        ]) | indent(8) }} as held_back_reason

    from with_forbidden_keys

),

reachability as (

    select
        contact_id,
        channel,
        identifier,
        held_back_reason,
        has_cap,
        {{ way_rank() | indent(8) }} as way_rank,
        cast({{ verdict_since() | indent(8) }} as date) as since_on,
        coalesce(
            held_back_reason in ('erased', 'erasure_undecided', 'no_consent', 'withdrawn', 'bounced', 'complained'), false
        ) as is_forbidden,
        case when held_back_reason is null or held_back_reason = 'frequency_cap' then cap_changes_on end as next_change_on

    from with_reasons

)

select * from reachability
