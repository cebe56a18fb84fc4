with

consents as (

    select * from {{ ref('contact_consents') }}

),

permissions as (

    select
        contact_id,
        {%- for channel in ['email', 'sms', 'push'] %}
        max(case when channel = '{{ channel }}' and is_granted then 1 else 0 end) = 1 as may_{{ channel }}
        {{- ',' if not loop.last }}
        {%- endfor %}

    from consents

    group by contact_id

)

select * from permissions
