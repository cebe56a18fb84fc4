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

-- A call has the traits that it is about: of each the one that was shown last.
people as (

    select
        source_system,
        user_id,
        {%- for trait in traits %}
        {{ value_at_lowest(trait, 'trait_rank') }} as {{ trait }},
        {%- endfor %}
        min(account_created_at) as account_created_at,
        min(shown_at) as first_shown_at,
        max(shown_at) as updated_at,
        max(loaded_at) as loaded_at

    from ranked_traits

    group by source_system, user_id

),

contacts as (

    select
        source_system,
        user_id as source_contact_id,
        {%- for trait in traits if trait != 'email' %}
        {{ trait }},
        {%- endfor %}
        updated_at,
        loaded_at,
        coalesce(email, {{ email_address('user_id') }}) as email,
        {{ least_of(['account_created_at', 'first_shown_at']) }} as created_at

    from people

)

select * from contacts
