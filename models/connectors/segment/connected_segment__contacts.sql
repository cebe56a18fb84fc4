{{ config(enabled=is_connected('segment', 'raw_contacts')) }}

{%- set traits = [
    'email', 'phone', 'first_name', 'last_name', 'birth_date', 'gender', 'job_title', 'company', 'address_line', 'postal_code', 'city', 'region',
    'country', 'language', 'timezone',
] %}

with

shown_traits as (
    {%- for calls in ['identifies', 'users'] %}

    select
        source_system,
        user_id,
        {%- for trait in traits %}
        {{ trait }},
        {%- endfor %}
        account_created_at,
        loaded_at,
        {{ 'message_id' if calls == 'identifies' else "''" }} as message_id,
        {{ tracked_at('occurred_at', 'received_at') if calls == 'identifies' else 'received_at' }} as shown_at

    from {{ ref('crm_segmentation', 'landed_segment__' ~ calls) }}
    {{- '\n\n    union all' if not loop.last }}
    {%- endfor %}

),

-- Where the site names people by the keys of another system, they are that system's contacts.
ranked_traits as (

    select
        *,
        row_number() over (
            partition by source_system, user_id
            order by shown_at desc, {{ by_code_point('message_id') }} desc
        ) as trait_rank

    from shown_traits

    where
        source_system in ({{ instances_feeding('segment', 'raw_contacts') }})
        and source_system = {{ contact_system('segment') }}
        and user_id is not null

),

contacts as (

    {{ tracked_contacts('ranked_traits', traits, 'account_created_at') }}

)

select * from contacts
