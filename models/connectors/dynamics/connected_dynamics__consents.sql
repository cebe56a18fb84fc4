{{ config(enabled=is_connected('dynamics', 'raw_consents')) }}

with

people as (

    select * from {{ ref('crm_segmentation', 'connected_dynamics__people') }}

),

-- Every flag says what must not be done, so that true is a no, without a date. False is no yes: it is what nobody has touched.
decisions as (

    {%- for channel, condition in [
        ('email', 'takes_no_email or takes_no_bulk_email'),
        ('phone', 'takes_no_calls'),
        ('direct_mail', 'takes_no_letters'),
        ('all', 'takes_no_marketing or has_opted_out_by_law'),
    ] %}

    select
        source_system,
        person_id,
        loaded_at,
        '{{ channel }}' as channel,
        'withdrawn' as consent_status,
        cast(null as timestamp) as occurred_at

    from people

    where {{ condition }}

    union all
    {%- endfor %}

    select
        source_system,
        person_id,
        loaded_at,
        channel,
        consent_status,
        occurred_at

    from {{ ref('crm_segmentation', 'connected_dynamics__dated_decisions') }}

),

consents as (

    select
        source_system,
        person_id as source_contact_id,
        channel,
        consent_status,
        occurred_at,
        loaded_at,
        'dynamics' as consent_source

    from decisions

    where source_system in ({{ instances_feeding('dynamics', 'raw_consents') }})

)

select * from consents
